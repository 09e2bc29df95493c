/**
 * Serialized protobuf messages, read and assembled without decoding them: resources that need no change are returned byte
 * for byte, also where this build does not know their fields.
 */
@NullMarked
package dev.pointsman.wire;

import org.jspecify.annotations.NullMarked;
