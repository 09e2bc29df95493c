/**
 * The tests of hostile input: bytes for every decoder of what others send, and strings for everything that is printed into
 * somebody else's language. A target stands beside the code that it is about, and Jazzer runs it ({@code hack/fuzz.sh}).
 */
@NullMarked
package dev.pointsman.fuzz;

import org.jspecify.annotations.NullMarked;
