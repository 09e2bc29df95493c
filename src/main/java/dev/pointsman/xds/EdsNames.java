package dev.pointsman.xds;

import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ServicePort;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of the EDS resources that proxies subscribe to. A name is read only if objects can be named so: proxies may ask
 * for any text, and this bounds its length.
 */
public final class EdsNames {
  /** A DNS label, such as the name of a namespace. */
  static final String LABEL = "[-a-z0-9]{1,63}+";

  /** The regular expression of what {@link #written} writes. */
  static final String WRITTEN_POOL = "(?:" + Pattern.quote(PoolRef.V1) + "|"
      + Pattern.quote(PoolRef.V1ALPHA2) + ")/" + LABEL + "/[-a-z0-9.]{1,253}+";

  /** The regular expression of the resource of a Service's port. */
  static final String OF_SERVICE = "service/(" + LABEL + ")/(" + LABEL + ")/([0-9]{1,5})";

  private static final String POOL = "inferencepool/";
  private static final Pattern OF_POOL = Pattern.compile(POOL + WRITTEN_POOL);
  private static final Pattern SERVICE = Pattern.compile(OF_SERVICE);

  private EdsNames() {}

  /** The resource with a pool's endpoints. */
  public static String of(PoolRef pool) {
    return POOL + written(pool);
  }

  /** A pool as a part of a name. */
  static String written(PoolRef pool) {
    return pool.group() + "/" + pool.namespace() + "/" + pool.name();
  }

  /** The pool that is written so. */
  static PoolRef read(String written) {
    String[] parts = written.split("/", -1);
    return new PoolRef(parts[0], parts[1], parts[2]);
  }

  /** The resource with the endpoints of a Service's port. */
  public static String of(ServicePort service) {
    return "service/" + service.namespace() + "/" + service.name() + "/" + service.port();
  }

  /** The pool whose endpoints a resource has; empty for the endpoints of a Service. */
  public static Optional<PoolRef> pool(String resource) {
    return OF_POOL.matcher(resource).matches()
        ? Optional.of(read(resource.substring(POOL.length())))
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
