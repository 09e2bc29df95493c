/** Benchmarks (JMH), run by {@code hack/bench.sh}; never part of the tests' verdict. */
@NullMarked
package dev.pointsman.bench;

import org.jspecify.annotations.NullMarked;
