/** Edge: the sources of objects. This package has the parsers that both sources use. Imports model. */
@NullMarked
package dev.pointsman.kube;

import org.jspecify.annotations.NullMarked;
