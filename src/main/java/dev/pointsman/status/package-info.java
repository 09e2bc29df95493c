/** What we say on the objects of users: statuses and Events, computed from the objects alone. Uses model and plan. */
@NullMarked
package dev.pointsman.status;

import org.jspecify.annotations.NullMarked;
