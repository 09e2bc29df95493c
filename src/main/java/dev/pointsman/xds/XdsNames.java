package dev.pointsman.xds;

import com.google.common.hash.Hashing;
import dev.pointsman.model.ModelHeader;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.PickerSettings;
import dev.pointsman.plan.PickerSettings.ConnectionSettings;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * The names of added resources in Envoy, except for backends' clusters, which plans name like Envoy Gateway. Names are
 * made here, and no code parses them. {@link EdsNames} has the names of EDS resources.
 */
public final class XdsNames {
  /** The header that carries the model's name, in Envoy's spelling. */
  public static final String MODEL_HEADER = ModelHeader.NAME;

  /** The header in which an endpoint picker names the endpoints to try, in order. */
  public static final String DESTINATION_HEADER = "x-gateway-destination-endpoint";

  /** The metadata key under {@code envoy.lb} that reports the used endpoint to a picker. */
  public static final String SERVED_KEY = "x-gateway-destination-endpoint-served";

  /** The metadata namespace in which Envoy and endpoint pickers exchange endpoints. */
  public static final String LB_NAMESPACE = "envoy.lb";

  /** The metadata namespace of facts about routes and clusters. */
  public static final String METADATA = "pointsman";

  /** The metadata key of a route whose requests get an answer if they have no model. */
  public static final String ANSWERS = "answers";

  /** A regular expression: {@code application/json} and {@code application/*+json}, with or without parameters. */
  public static final String JSON_TYPES = "(?i)application/([a-z0-9.+-]+\\+)?json([ \\t]*;.*)?";

  /** The cluster of endpoint discovery. */
  public static final String EDS_CLUSTER = "pointsman/endpoint-discovery";

  /** A cluster that never exists: the initial route of requests whose model is not known yet. */
  public static final String UNROUTED_CLUSTER = "pointsman/unrouted";

  /** A cluster without endpoints, for counted answers. */
  public static final String ANSWERS_CLUSTER = "pointsman/answers";

  /** A cluster that never exists, for the share of an invalid pool. */
  public static final String INVALID_CLUSTER = "pointsman/invalid-pool";

  /** The header with the name of an adapter's base model, in Envoy's spelling. */
  public static final String BASE_MODEL_HEADER = ModelHeader.BASE_NAME;

  /** The header with a loop's token, whose value only the route to the loop sets. */
  public static final String TOKEN_HEADER = "x-pointsman-route";

  /** The header with the number of a fallback's stage, from 1, which only the fallback's cluster sets. */
  public static final String STAGE_HEADER = "x-pointsman-stage";

  /** The filter state object with the size of a body that the extraction has buffered, in bytes. */
  static final String BODY_BYTES = "pointsman.body-bytes";

  /** The filter state object of requests that have reached the picker's filter. */
  static final String REACHED_PICKER = "pointsman.reached-picker";

  static final String MODEL_SCAN_FILTER = "pointsman/model-scan";
  static final String MODEL_FILTER = "pointsman/model";
  /** The filter with the script for models in forms, queries and paths. */
  public static final String MODEL_SOURCES_FILTER = "pointsman/model-sources";

  static final String MODEL_HEADER_FILTER = "pointsman/model-header";
  static final String REROUTE_FILTER = "pointsman/reroute";
  static final String REACHED_PICKER_FILTER = "pointsman/reached-picker";
  static final String PICKER_FILTER = "pointsman/endpoint-picker";
  static final String UNFINISHED_FILTER = "pointsman/unfinished-picker";
  static final String FIRST_PICK_FILTER = "pointsman/first-pick";
  static final String SERVED_FILTER = "pointsman/served";
  static final String SESSION_FILTER = "pointsman/session";
  public static final String RESPONSE_OVERRIDE_FILTER = "pointsman/response-override";
  static final String TOKEN_FILTER = "pointsman/token";
  static final String CLIENT_STEERING_FILTER = "pointsman/steering";
  static final String IDENTITY_FILTER = "pointsman/identity";
  static final String EXPLAIN_FILTER = "pointsman/explain";
  static final String EXPLANATION_FILTER = "pointsman/explanation";
  static final String TOKEN_USAGE_FILTER = "pointsman/token-usage";
  static final String STAGE_FILTER = "pointsman/stage";
  static final String STAGES_FILTER = "pointsman/stages";
  static final String LOOP_FACTS_FILTER = "pointsman/loop-facts";
  static final String OTHER_NAME_FILTER = "pointsman/other-name";
  static final String SUBSET_FILTER = "pointsman/subset";

  /** The filter with the scripts of the gateway's own responses. */
  public static final String ANSWER_FILTER = "pointsman/answer";

  static final String STRIP_HEADERS = "pointsman/strip-client-headers";
  static final String INVALID_MODEL_ROUTE = "pointsman/invalid-model";
  static final String UNKNOWN_MODEL_ROUTE = "pointsman/unknown-model";
  static final String MODEL_LIST_ROUTE = "pointsman/models";
  static final String UNROUTED_ROUTE = "pointsman/unrouted";
  private static final int DIGEST_DIGITS = 32; // of a truncated SHA-256

  /** The prefix of all names of added resources, routes and filters. */
  private static final String OURS = "pointsman/";

  private static final String LARGE = OURS + "large/";
  private static final String MIRROR = OURS + "mirror/";
  private static final String MIRROR_OF = "/of/";

  private XdsNames() {}

  /** Whether an earlier pass added the route, cluster or filter with this name. */
  public static boolean isOurs(String name) {
    return name.startsWith(OURS);
  }

  /**
   * Whether an earlier pass added the route configuration with this name. Envoy Gateway's names begin with a Gateway's
   * namespace, which may be {@code pointsman}, too. {@code all} has the translation's names.
   */
  public static boolean isAddedTable(String name, Set<String> all) {
    return name.startsWith(LARGE) && all.contains(name.substring(LARGE.length()))
        || name.startsWith(MIRROR) && name.contains(MIRROR_OF);
  }

  /** The cluster of an endpoint picker; one for each set of connection settings. */
  public static String picker(ServicePort service, ConnectionSettings connection) {
    String name =
        "pointsman/picker/" + service.namespace() + "/" + service.name() + "/" + service.port();
    return connection.equals(ConnectionSettings.DEFAULT)
        ? name
        : name + "/" + digest(PickerSettingsText.of(connection));
  }

  /** The route for models of a policy before a rule's route, named after the first of them. */
  static String modelRoute(String route, String model) {
    return route + "/model/" + model;
  }

  /** The copy of an initial route, numbered from 0. */
  static String initialRouteCopy(String route, int number) {
    return route + "/model-arrival" + (number == 0 ? "" : "/" + number);
  }

  /** The route for preflights of a model route. */
  static String preflightRoute(String route) {
    return route + "/preflight";
  }

  /** The cluster of mirrored requests to a pool, with or without a picker. */
  public static String mirror(PoolRef pool) {
    return MIRROR + pool.group() + "/" + pool.namespace() + "/" + pool.name();
  }

  /** The cluster of mirrored requests to a Service. */
  public static String mirror(ServicePort service) {
    return MIRROR + "service/" + service.namespace() + "/" + service.name() + "/" + service.port();
  }

  /** A cluster or listener of mirrored requests in which the model has another name. */
  static String renamed(String mirror, Optional<String> model) {
    return model.map(name -> mirror + "/model/" + digest(name)).orElse(mirror);
  }

  /** The loop listener and its cluster that send mirrored requests through a pool's own picker. */
  public static String mirrorLoop(
      String routeConfiguration, String mirror, PickerSettings settings) {
    String name = mirror + MIRROR_OF + routeConfiguration;
    return settings.equals(PickerSettings.DEFAULT)
        ? name
        : name + "/" + digest(PickerSettingsText.of(settings));
  }

  /** The loop listener, its cluster and its route configuration for large bodies of a route configuration. */
  public static String largeBodies(String routeConfiguration) {
    return LARGE + routeConfiguration;
  }

  /** The cluster of the same listener for the requests of routes with a fallback. */
  public static String fallback(String routeConfiguration) {
    return "pointsman/fallback/" + routeConfiguration;
  }

  /**
   * The socket of a loop listener. The folder is private to the pod, even with the node's network namespace, and
   * writable wherever Envoy runs, because Envoy keeps its memory for hot restarts there. Containers of one pod may
   * share it; the socket's mode rejects other users, and the token rejects other requests.
   */
  static String socket(String listener) {
    return socketOf(digest(listener));
  }

  /** The socket of a loop listener by the digest of its name. */
  static String socketOf(String digest) {
    return "/dev/shm/pointsman-" + digest + ".sock";
  }

  static String digest(String text) {
    return Hashing.sha256()
        .hashString(text, StandardCharsets.UTF_8)
        .toString()
        .substring(0, DIGEST_DIGITS);
  }

  /** The copy of a model route for requests that name no model: without a JSON body. */
  static String notJsonRoute(String route) {
    return route + "/not-json";
  }

  /** The copy of a model route for forms on paths without models. */
  static String uploadRoute(String route) {
    return route + "/upload";
  }

  /** The copy of a route in the loop on which its processors receive large bodies. */
  static String processorsRoute(String route) {
    return OURS + "processors/" + route;
  }

  /** The copy of a route in the loop that asks the picker apart from users' filters. */
  static String apartRoute(String route) {
    return OURS + "apart/" + route;
  }

  /** The copy of a route that refuses bodies above the route's limit. */
  static String tooLargeRoute(String route) {
    return OURS + "too-large/" + route;
  }

  /** The copy of a route in the loop for a stage of its fallback, numbered from 1. */
  static String stageRoute(String route, int number) {
    return OURS + "stage/" + number + "/" + route;
  }

  /** The copy of a route with a fallback that starts it in the loop, after its processors. */
  static String stagesRoute(String route) {
    return OURS + "stages/" + route;
  }

  /** The copy of a route whose requests take a loop, for requests to change the protocol, which take none. */
  static String upgradeRoute(String route) {
    return OURS + "upgrade/" + route;
  }

  /** The copy of a route for its large bodies. A prefix, because users choose the names of models. */
  static String largeBodiesRoute(String route) {
    return LARGE + route;
  }
}
