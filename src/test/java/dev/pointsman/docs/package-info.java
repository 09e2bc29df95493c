/** Tests of the documentation: links, manifests, commands, and the parts of the reference that are made from the code. */
@NullMarked
package dev.pointsman.docs;

import org.jspecify.annotations.NullMarked;
