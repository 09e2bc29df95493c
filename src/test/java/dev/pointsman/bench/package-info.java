/** Benchmarks (JMH), run by {@code hack/bench.sh}; tests never depend on their results. */
@NullMarked
package dev.pointsman.bench;

import org.jspecify.annotations.NullMarked;
