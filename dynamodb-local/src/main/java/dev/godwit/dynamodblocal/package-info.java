/** DynamoDB Local in this process. */
@NullMarked
package dev.godwit.dynamodblocal;

import org.jspecify.annotations.NullMarked;
