/** Log lines and, later, metrics. */
@NullMarked
package dev.pointsman.observe;

import org.jspecify.annotations.NullMarked;
