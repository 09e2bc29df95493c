/** Edge: log lines and metrics. Imports config, model and hook. */
@NullMarked
package dev.pointsman.observe;

import org.jspecify.annotations.NullMarked;
