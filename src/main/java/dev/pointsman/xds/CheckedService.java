package dev.pointsman.xds;

import dev.pointsman.model.ServicePort;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An EDS resource with the endpoints of a Service whose health is checked on another port of the same pods. The name says
 * all, so that every replica serves it without knowing the policy.
 */
public record CheckedService(ServicePort service, int healthPort) implements NamedEndpoints {
  private static final Pattern NAME = Pattern.compile(EdsNames.OF_SERVICE + "/health/([0-9]{1,5})");

  @Override
  public String name() {
    return EdsNames.of(service) + "/health/" + healthPort;
  }

  /** The resource with the name, if it is one. */
  public static Optional<CheckedService> parse(String name) {
    Matcher parts = NAME.matcher(name);
    return parts.matches()
        ? Optional.of(new CheckedService(
            new ServicePort(parts.group(1), parts.group(2), Integer.parseInt(parts.group(3))),
            Integer.parseInt(parts.group(4))))
        : Optional.empty();
  }

  /** The health port in the name of a resource, if it has one. */
  public static OptionalInt healthPort(String name) {
    return parse(name).stream().mapToInt(CheckedService::healthPort).findFirst();
  }
}
