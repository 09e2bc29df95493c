/** Real parts as plain processes, and stand-ins for model servers and endpoint pickers. Not in the product. */
@NullMarked
package dev.pointsman.rig;

import org.jspecify.annotations.NullMarked;
