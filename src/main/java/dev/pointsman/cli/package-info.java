/** Edge: the command line. Imports everything but Main. */
@NullMarked
package dev.pointsman.cli;

import org.jspecify.annotations.NullMarked;
