/**
 * Objects of Kubernetes, immutable: pools, pickers, pods, services, and the snapshot that has them. Imports no other
 * package of this project, and no I/O.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.model;

import org.jspecify.annotations.NullMarked;
