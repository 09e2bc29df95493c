/**
 * The statuses and Events of users' objects, computed from the objects alone. Uses model and plan.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.status;

import org.jspecify.annotations.NullMarked;
