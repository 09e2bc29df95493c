package dev.pointsman.golden;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.Hooks;
import dev.pointsman.kube.AdapterMapParser;
import dev.pointsman.kube.CertificatesParser;
import dev.pointsman.kube.InferenceModelParser;
import dev.pointsman.kube.ServiceParser;
import dev.pointsman.model.AdapterMap;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.InferenceModel;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.Service;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.InBand;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A second tenant on a case's Gateway: the case's own objects once more in namespace {@code evil}, on a hostname of
 * their own, with hostile strings wherever their author can write one.
 */
final class SecondTenant {
  static final String NAMESPACE = "evil";

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String GOOD = "/default/";
  private static final String EVIL = "/" + NAMESPACE + "/";

  private final HostileStrings strings;
  private final int oneIn;
  private final int oneInHeaders;
  private final Map<String, Struct> records = new HashMap<>();

  /**
   * A tenant that puts hostile strings into its objects.
   *
   * @param oneIn of so many places in pools, policies and all else is struck
   * @param oneInHeaders of so many values of headers that routes match
   */
  SecondTenant(HostileStrings strings, int oneIn, int oneInHeaders) {
    this.strings = strings;
    this.oneIn = oneIn;
    this.oneInHeaders = oneInHeaders;
  }

  /** A tenant without hostile strings. */
  static SecondTenant harmless() {
    int never = 1 << 24;
    return new SecondTenant(new HostileStrings(new Random(1), List.of("harmless")), never, never);
  }

  /** The translation of a case with the tenant's routes and clusters in it. */
  Seen joining(Seen good, List<RecordedRequest> requests) {
    Hooks.Connection connection =
        new Hooks(XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY).connect();
    for (RecordedRequest request : requests) {
      if (request.hook().equals("PostRouteModify")) {
        ByteString answer =
            connection.route(evil(request.as(PostRouteModifyRequest.parser()))).getRoute();
        Route route = Named.read(Route.parser(), answer);
        InBand.recordOf(route).ifPresent(record -> records.put(route.getName(), record));
      }
    }
    PostTranslateModifyRequest.Builder joined = good.request().toBuilder().clearRoutes();
    for (ByteString table : good.request().getRoutesList()) {
      joined.addRoutes(withHost(table));
    }
    for (ByteString bytes : good.request().getClustersList()) {
      Cluster cluster = Named.read(Cluster.parser(), bytes);
      if (cluster.getName().contains(GOOD)) {
        joined.addClusters(HostileStrings.renamed(cluster, GOOD, EVIL).toByteString());
      }
    }
    return good.with(joined.build());
  }

  private PostRouteModifyRequest evil(PostRouteModifyRequest request) {
    PostRouteModifyRequest.Builder evil = request.toBuilder();
    evil.setRoute(evil(Named.read(Route.parser(), request.getRoute())).toByteString());
    evil.getPostRouteContextBuilder().getExtensionResourcesBuilderList().forEach(this::strike);
    evil.getPostRouteContextBuilder().getExtensionPoliciesBuilderList().forEach(this::strike);
    return evil.build();
  }

  /** Envoy Gateway's names and metadata are its own; the values of a match are the author's. */
  private static Route evil(Route route) {
    return (Route) HostileStrings.renamed(
        HostileStrings.renamed(route, GOOD, EVIL).toBuilder().build(), "default", NAMESPACE);
  }

  private void strike(ExtensionResource.Builder resource) {
    JsonNode object = JSON.readTree(resource.getUnstructuredBytes().toByteArray());
    resource.setUnstructuredBytes(ByteString.copyFromUtf8(evil(object).toString()));
  }

  /** One of its objects: no API server lets it write another namespace's, or another kind. */
  private ObjectNode evil(JsonNode object) {
    ObjectNode evil = (ObjectNode) object.deepCopy();
    for (String part : List.of("spec", "data")) {
      if (object.has(part)) {
        evil.set(part, strings.in(object.path(part), oneIn));
      }
    }
    if (evil.path("metadata") instanceof ObjectNode metadata) {
      metadata.put("namespace", NAMESPACE);
    }
    return evil;
  }

  /** The host is one more of the same listener, which Envoy Gateway names in a host's metadata. */
  private ByteString withHost(ByteString bytes) {
    ShallowRouteConfiguration table = Named.read(ShallowRouteConfiguration.parser(), bytes);
    List<ByteString> routes = new ArrayList<>();
    ShallowVirtualHost.Builder evil = ShallowVirtualHost.newBuilder();
    for (ByteString bytesOfHost : table.getVirtualHostsList()) {
      ShallowVirtualHost host = Named.read(ShallowVirtualHost.parser(), bytesOfHost);
      evil = host.toBuilder();
      for (ByteString route : host.getRoutesList()) {
        routes.add(inTranslation(evil(Named.read(Route.parser(), route))));
      }
    }
    evil.setName(table.getName() + "/evil")
        .clearDomains()
        .addDomains("evil.example.com")
        .clearRoutes()
        .addAllRoutes(routes);
    return table.toBuilder()
        .addVirtualHosts(evil.build().toByteString())
        .build()
        .toByteString();
  }

  private ByteString inTranslation(Route route) {
    Route.Builder struck = route.toBuilder();
    for (HeaderMatcher.Builder header : struck.getMatchBuilder().getHeadersBuilderList()) {
      if (header.getStringMatch().hasExact() && strings.strikes(oneInHeaders)) {
        header.getStringMatchBuilder().setExact(strings.any());
      }
    }
    Struct record = records.get(route.getName());
    return record == null
        ? struck.build().toByteString()
        : InBand.withRecord(struck.build(), record).toByteString();
  }

  /** The snapshot with the tenant's objects added that Envoy Gateway does not send. */
  ClusterSnapshot joining(ClusterSnapshot good) {
    ClusterObjects objects = new ClusterObjects();
    for (int i = 0; i < 8; i++) {
      take(AdapterMapParser.parse(evil(configMap(i))), objects::add);
      take(InferenceModelParser.parse(evil(model(i))), objects::add);
      take(ServiceParser.parse(evil(service(i))), objects::add);
      take(CertificatesParser.parse(evil(configMap(i)), false), objects::add);
    }
    ClusterSnapshot evil = objects.snapshot();
    List<InferenceModel> models = new ArrayList<>(evil.models()); // older than all
    models.addAll(good.models());
    List<AdapterMap> adapters = new ArrayList<>(evil.adapters());
    adapters.addAll(good.adapters());
    Map<ObjectName, Service> services = new HashMap<>(evil.services());
    services.putAll(good.services());
    return new ClusterSnapshot(
        good.synced(),
        good.pools(),
        good.pods(),
        services,
        good.slices(),
        good.routes(),
        models,
        adapters,
        good.grants(),
        good.certificates());
  }

  private static <T> void take(Parsed<T> parsed, Consumer<T> sink) {
    if (parsed instanceof Parsed.Valid<T>(T value, var _)) {
      sink.accept(value);
    }
  }

  private static ObjectNode object(String kind, int i) {
    ObjectNode object = JSON.createObjectNode().put("kind", kind);
    object.putObject("metadata").put("name", "evil-" + i).put("namespace", NAMESPACE);
    return object;
  }

  private static ObjectNode configMap(int i) {
    ObjectNode map = object("ConfigMap", i);
    map.putObject("data")
        .put("baseModel", List.of("qwen", "llama", "unknown").get(i % 3))
        .put("adapters", "[\"evil-adapter-" + i + "\", \"a\\nb\", \"%\", \".*\", \"(\"]")
        .put("ca.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----");
    return map;
  }

  private static ObjectNode model(int i) {
    ObjectNode model = object("InferenceModel", i);
    model
        .putObject("spec")
        .put("modelName", "evil-model-" + i)
        .putObject("poolRef")
        .put("name", "qwen-pool");
    return model;
  }

  private static ObjectNode service(int i) {
    ObjectNode service = object("Service", i);
    ObjectNode spec = service.putObject("spec").put("type", "ClusterIP").put("externalName", "x");
    spec.putArray("ports").addObject().put("name", "grpc").put("port", 9002);
    return service;
  }
}
