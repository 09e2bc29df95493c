package dev.pointsman.xds;

import java.util.Optional;

/** An EDS resource that no object announces: proxies ask for it by a name that says all. */
public sealed interface NamedEndpoints permits SubsetResource, CheckedService {
  /** The name of the resource. */
  String name();

  /** The resource with the name, if it is one. */
  static Optional<NamedEndpoints> parse(String name) {
    return SubsetResource.parse(name)
        .<NamedEndpoints>map(subset -> subset)
        .or(() -> CheckedService.parse(name));
  }
}
