/** DynamoDB by its wire format, on the SDK's client. */
@NullMarked
package dev.godwit.worker.dynamodb;

import org.jspecify.annotations.NullMarked;
