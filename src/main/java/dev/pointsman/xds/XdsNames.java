package dev.pointsman.xds;

import com.google.common.hash.Hashing;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.PickerSettings;
import dev.pointsman.plan.PickerSettings.Connection;
import java.nio.charset.StandardCharsets;

/**
 * Every name that we give to something in Envoy, but for the clusters of backends: plans name those, as Envoy Gateway
 * does. Names are made here; facts are never read back out of them.
 */
public final class XdsNames {
  /** The header that carries the model's name, in Envoy's spelling. */
  public static final String MODEL_HEADER = "x-gateway-model-name";

  /** The header in which an endpoint picker names the endpoints to try, in order. */
  public static final String DESTINATION_HEADER = "x-gateway-destination-endpoint";

  /** The metadata key under {@code envoy.lb} that tells a picker which endpoint was really used. */
  public static final String SERVED_KEY = "x-gateway-destination-endpoint-served";

  /** The metadata namespace in which Envoy and endpoint pickers talk about endpoints. */
  public static final String LB_NAMESPACE = "envoy.lb";

  /** The cluster through which proxies reach endpoint discovery. */
  public static final String EDS_CLUSTER = "pointsman/endpoint-discovery";

  /** A cluster that never exists: the initial route of requests whose model is not known yet. */
  public static final String UNROUTED_CLUSTER = "pointsman/unrouted";

  /** A cluster without endpoints: answers of our own that are counted. */
  public static final String ANSWERS_CLUSTER = "pointsman/answers";

  /** A cluster that never exists: the share of a pool that cannot serve. */
  public static final String INVALID_CLUSTER = "pointsman/invalid-pool";

  /** The header that carries the name of the model that an adapter belongs to, in Envoy's spelling. */
  public static final String BASE_MODEL_HEADER = "x-gateway-base-model-name";

  /** The header that opens a loop listener; nobody but the route that leads there can know its value. */
  static final String TOKEN_HEADER = "x-pointsman-route";

  /** The filter state object that holds the size of a body that the extraction has buffered, in bytes. */
  static final String BODY_BYTES = "pointsman.body-bytes";

  /** The filter state object of requests that have come as far as the picker's filter. */
  static final String REACHED_PICKER = "pointsman.reached-picker";

  static final String MODEL_FILTER = "pointsman/model";
  static final String MODEL_HEADER_FILTER = "pointsman/model-header";
  static final String REROUTE_FILTER = "pointsman/reroute";
  static final String REACHED_PICKER_FILTER = "pointsman/reached-picker";
  static final String PICKER_FILTER = "pointsman/endpoint-picker";
  static final String UNFINISHED_FILTER = "pointsman/unfinished-picker";
  static final String FIRST_PICK_FILTER = "pointsman/first-pick";
  static final String SERVED_FILTER = "pointsman/served";
  static final String SESSION_FILTER = "pointsman/session";
  static final String RESPONSE_OVERRIDE_FILTER = "pointsman/response-override";
  static final String TOKEN_FILTER = "pointsman/token";
  static final String ANSWER_FILTER = "pointsman/answer";
  static final String STRIP_HEADERS = "pointsman/strip-client-headers";

  static final String INVALID_MODEL_ROUTE = "pointsman/invalid-model";
  static final String UNKNOWN_MODEL_ROUTE = "pointsman/unknown-model";
  static final String MODEL_LIST_ROUTE = "pointsman/models";
  static final String UNROUTED_ROUTE = "pointsman/unrouted";

  /** What is enough of a SHA-256, in hexadecimal digits. */
  private static final int DIGEST_DIGITS = 32;

  /** What all names begin with that we give to resources, routes and filters. */
  private static final String OURS = "pointsman/";

  private XdsNames() {}

  /** Whether we made what has this name, in an earlier pass. */
  public static boolean isOurs(String name) {
    return name.startsWith(OURS);
  }

  /** The EDS resource that holds a pool's endpoints. */
  public static String endpoints(PoolRef pool) {
    return "inferencepool/" + pool.group() + "/" + pool.namespace() + "/" + pool.name();
  }

  /** The EDS resource that holds the endpoints of a Service's port. */
  public static String endpoints(ServicePort service) {
    return "service/" + service.namespace() + "/" + service.name() + "/" + service.port();
  }

  /** The cluster of an endpoint picker; one for each way in which policies want it to be asked. */
  public static String picker(ServicePort service, Connection connection) {
    String name =
        "pointsman/picker/" + service.namespace() + "/" + service.name() + "/" + service.port();
    return connection.equals(Connection.DEFAULT)
        ? name
        : name + "/" + digest(connection.toString());
  }

  /** The route of models that a policy puts in front of a rule's route, called after the first of them. */
  static String modelRoute(String route, String model) {
    return route + "/model/" + model;
  }

  /** The copy of a route at which requests for a model arrive, counted from 0. */
  static String initialRouteCopy(String route, int number) {
    return route + "/model-arrival" + (number == 0 ? "" : "/" + number);
  }

  /** The catch-all for requests that arrive on a path of their own, counted from 0. */
  static String unroutedRoute(int number) {
    return UNROUTED_ROUTE + "/" + number;
  }

  /** The route for preflights of a model route. */
  static String preflightRoute(String route) {
    return route + "/preflight";
  }

  /** The cluster that copies of requests go to, without a picker. */
  public static String mirror(PoolRef pool) {
    return "pointsman/mirror/" + pool.group() + "/" + pool.namespace() + "/" + pool.name();
  }

  /** The cluster that copies of requests go to. */
  public static String mirror(ServicePort service) {
    return "pointsman/mirror/service/" + service.namespace() + "/" + service.name() + "/"
        + service.port();
  }

  /** The listener and the cluster through which copies of requests reach a pool's own picker. */
  public static String mirrorLoop(
      String routeConfiguration, String mirror, PickerSettings settings) {
    String name = mirror + "/of/" + routeConfiguration;
    return settings.equals(PickerSettings.DEFAULT)
        ? name
        : name + "/" + digest(settings.toString());
  }

  /** The listener, the cluster and the route configuration that take large bodies of a route configuration. */
  public static String largeBodies(String routeConfiguration) {
    return "pointsman/large/" + routeConfiguration;
  }

  /**
   * The socket of a listener of ours. The folder belongs to the pod alone, also where the network namespace is the node's,
   * and it can be written to wherever Envoy runs: Envoy's memory for hot restarts is there, too. Containers of one pod may
   * share it; the socket's mode keeps other users out, and the token all others.
   */
  static String socket(String listener) {
    return "/dev/shm/pointsman-" + digest(listener) + ".sock";
  }

  private static String digest(String text) {
    return Hashing.sha256()
        .hashString(text, StandardCharsets.UTF_8)
        .toString()
        .substring(0, DIGEST_DIGITS);
  }

  /** The copy of a model route for requests that name no model in a JSON body. */
  static String notJsonRoute(String route) {
    return route + "/not-json";
  }

  /** The copy of a route behind the loop where its processors see large bodies. */
  static String processorsRoute(String route) {
    return OURS + "processors/" + route;
  }

  /** The copy of a route that refuses bodies above the route's limit. */
  static String tooLargeRoute(String route) {
    return OURS + "too-large/" + route;
  }

  /** The copy of a route that takes its large bodies. A prefix: the names of models are the users'. */
  static String largeBodiesRoute(String route) {
    return OURS + "large/" + route;
  }
}
