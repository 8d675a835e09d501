/** Whether requests are such as AWS takes: for tests, and used by nothing else. */
@NullMarked
package dev.godwit.servicemodels;

import org.jspecify.annotations.NullMarked;
