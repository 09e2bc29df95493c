package dev.pointsman.hook;

import com.google.common.base.Function;
import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PoolParser;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.translate.PolicyObjects;
import dev.pointsman.wire.Bytes;
import dev.pointsman.xds.InBand;
import dev.pointsman.xds.Structs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Parses the objects that Envoy Gateway sends with routes, once per distinct bytes. An HTTPRoute may have thousands of
 * routes, and each is sent with the whole pool and the whole policy, up to a megabyte each. Instances are thread-safe.
 */
final class RouteObjects {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** The bound of each cache: the total size of the serialized objects, in bytes. A parsed object is some ten times as large. */
  private static final long MOST_BYTES = 16 << 20;

  /** Envoy Gateway sends all objects with each translation, so that one that is not sent is an old version. */
  private static final Duration UNUSED = Duration.ofMinutes(10);

  /** Half of a SHA-256: 128 bits. */
  private static final int ID_DIGITS = 32;

  private final LoadingCache<ByteString, Optional<Value>> pools =
      cache(bytes -> read(bytes).map(InBand::pool));
  private final LoadingCache<ByteString, Optional<RoutePolicy>> policies =
      cache(bytes -> PolicyObjects.read(bytes).map(RouteObjects::policy));

  /**
   * An InferencePolicy on a route.
   *
   * @param id a digest of the content: tenants share a translation, and no policy can have the id of another
   * @param struct the form in route metadata
   */
  record RoutePolicy(String id, ObjectNode object, Struct struct) {}

  private static <V> LoadingCache<ByteString, V> cache(Function<ByteString, V> reading) {
    return CacheBuilder.newBuilder()
        .concurrencyLevel(1) // each level would get its own share of the weight
        .maximumWeight(MOST_BYTES)
        .expireAfterAccess(UNUSED)
        .<ByteString, V>weigher((bytes, _) -> bytes.size())
        .build(CacheLoader.from(reading));
  }

  private static <V> V parsed(LoadingCache<ByteString, V> cache, ExtensionResource resource) {
    ByteString bytes = resource.getUnstructuredBytes();
    V known = cache.getIfPresent(bytes);
    // A slice of the request would retain all of it.
    return known == null ? cache.getUnchecked(Bytes.copy(bytes)) : known;
  }

  /** The pools of a rule in its order, in the recorded form; resources of other extensions are ignored. */
  List<Value> pools(List<ExtensionResource> resources) {
    return resources.stream()
        .map(resource -> parsed(pools, resource))
        .flatMap(Optional::stream)
        .toList();
  }

  /** The policies on a route, cut to the oldest ones if they are too many; policies of other extensions are ignored. */
  List<RoutePolicy> policies(List<ExtensionResource> resources) {
    List<RoutePolicy> all = resources.stream()
        .map(resource -> parsed(policies, resource))
        .flatMap(Optional::stream)
        .toList();
    return PolicyObjects.oldest(all, RoutePolicy::object);
  }

  private static RoutePolicy policy(ObjectNode object) {
    String id = Hashing.sha256()
        .hashString(object.toString(), StandardCharsets.UTF_8)
        .toString()
        .substring(0, ID_DIGITS);
    return new RoutePolicy(id, object, Structs.of(object));
  }

  private static Optional<PoolBackend> read(ByteString bytes) {
    try {
      JsonNode object = JSON.readTree(bytes.toByteArray());
      return object.isObject() && !PoolParser.isPool(object) && object.has("kind")
          ? Optional.empty()
          : Optional.of(backend(PoolParser.parse(object)));
    } catch (JacksonException unreadable) {
      return Optional.of(new PoolBackend.InvalidPool(List.of(new Diagnostic(
          Reason.InvalidInferencePool,
          new ObjectRef("InferencePool", "", "(unreadable)"),
          "",
          "Envoy Gateway sent something that is not JSON: " + unreadable.getOriginalMessage()))));
    }
  }

  private static PoolBackend backend(Parsed<InferencePool> parsed) {
    return switch (parsed) {
      case Parsed.Valid<InferencePool>(InferencePool pool, List<Diagnostic> remarks) ->
        PoolBackend.ValidPool.of(pool, remarks);
      case Parsed.Invalid<InferencePool>(List<Diagnostic> problems) ->
        new PoolBackend.InvalidPool(problems);
    };
  }
}
