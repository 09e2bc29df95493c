package dev.pointsman.xds;

import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ServicePort;

/** Every name that we give to something in Envoy. Names are made here; facts are never read back out of them. */
public final class XdsNames {
  /** The header that carries the model's name, in Envoy's spelling. */
  public static final String MODEL_HEADER = "x-gateway-model-name";

  /** The header in which an endpoint picker names the endpoints to try, in order. */
  public static final String DESTINATION_HEADER = "x-gateway-destination-endpoint";

  /** The static cluster of Envoy's bootstrap through which proxies reach our endpoint discovery. */
  public static final String EDS_CLUSTER = "pointsman-eds";

  private XdsNames() {}

  /** The EDS resource that holds a pool's endpoints. */
  public static String endpoints(PoolRef pool) {
    return "inferencepool/" + pool.group() + "/" + pool.namespace() + "/" + pool.name();
  }

  /** The EDS resource that holds the endpoints of a Service's port. */
  public static String endpoints(ServicePort service) {
    return "service/" + service.namespace() + "/" + service.name() + "/" + service.port();
  }
}
