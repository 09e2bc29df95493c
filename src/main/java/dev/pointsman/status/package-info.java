/** The statuses and Events of users' objects, computed from the objects alone. Uses model and plan. */
@NullMarked
package dev.pointsman.status;

import org.jspecify.annotations.NullMarked;
