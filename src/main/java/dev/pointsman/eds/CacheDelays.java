package dev.pointsman.eds;

import java.time.Duration;

/**
 * The delays of the cache.
 *
 * @param afterRefusal before a response is sent again after a NACK or a failure, unless there is a newer one, or before
 *     a name without room is tried again
 * @param afterDeletion before a deleted pool loses its endpoints: longer than Envoy Gateway takes to translate. Also
 *     the interval at which names without objects are looked for, and the time before those are dropped that never had one
 * @param afterRemoval before the name of a deleted object is dropped: Envoys may still request it
 */
record CacheDelays(Duration afterRefusal, Duration afterDeletion, Duration afterRemoval) {}
