/** The Helm chart, by the real Helm. */
@NullMarked
package dev.pointsman.chart;

import org.jspecify.annotations.NullMarked;
