/** What Kubernetes says, immutable: pools, pickers, pods, services, and the snapshot that holds them. Imports no other package of ours, and no I/O. */
@NullMarked
package dev.pointsman.model;

import org.jspecify.annotations.NullMarked;
