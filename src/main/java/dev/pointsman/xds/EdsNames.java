package dev.pointsman.xds;

import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ServicePort;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of the EDS resources that proxies subscribe to. */
public final class EdsNames {
  private static final String POOL = "inferencepool/";
  private static final Pattern SERVICE = Pattern.compile("service/([^/]+)/([^/]+)/([0-9]{1,5})");

  private EdsNames() {}

  /** The resource with a pool's endpoints. */
  public static String of(PoolRef pool) {
    return POOL + pool.group() + "/" + pool.namespace() + "/" + pool.name();
  }

  /** The resource with the endpoints of a Service's port. */
  public static String of(ServicePort service) {
    return "service/" + service.namespace() + "/" + service.name() + "/" + service.port();
  }

  /** The pool whose endpoints a resource has; empty for the endpoints of a Service. */
  public static Optional<PoolRef> pool(String resource) {
    String[] parts = resource.split("/", -1);
    return resource.startsWith(POOL) && parts.length == 4
        ? Optional.of(new PoolRef(parts[1], parts[2], parts[3]))
        : Optional.empty();
  }

  /** The port of a Service whose endpoints a resource has; empty for the endpoints of a pool. */
  public static Optional<ServicePort> service(String resource) {
    Matcher parts = SERVICE.matcher(resource);
    return parts.matches()
        ? Optional.of(
            new ServicePort(parts.group(1), parts.group(2), Integer.parseInt(parts.group(3))))
        : Optional.empty();
  }
}
