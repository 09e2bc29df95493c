package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.PickerEnd;
import dev.pointsman.model.PickerHealth;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ServicePort;
import dev.pointsman.model.UserStrings;
import dev.pointsman.plan.PickerSettings.ConnectionSettings;
import dev.pointsman.plan.ResolvedTls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Objects that are two have two names in Envoy, however alike theirs are and however long. */
class XdsNamesTest {
  private static final List<String> NAMESPACES = List.of("a", "a-b", "b", "a".repeat(63));
  private static final List<String> NAMES =
      List.of("a", "a-b", "a.b", "b", "v1", "9002", "a".repeat(63), "a".repeat(253));

  @Test
  void poolsAndServicesKeepApart() {
    List<String> names = new ArrayList<>();
    for (String namespace : NAMESPACES) {
      for (String name : NAMES) {
        for (String group : List.of(PoolRef.V1, PoolRef.V1ALPHA2)) {
          PoolRef pool = new PoolRef(group, namespace, name);
          names.add(EdsNames.of(pool));
          names.add(XdsNames.mirror(pool));
        }
        for (int port : List.of(1, 9002, 65535)) {
          ServicePort service = new ServicePort(namespace, name, port);
          names.add(EdsNames.of(service));
          names.add(XdsNames.mirror(service));
          names.add(XdsNames.picker(service, ConnectionSettings.DEFAULT));
          names.add(new CheckedService(service, 1).name());
          names.add(new CheckedService(service, 9002).name());
          names.add(XdsNames.picker(
              service,
              new ConnectionSettings(
                  OptionalInt.of(1),
                  new ResolvedTls.Unverified(),
                  Optional.empty(),
                  PickerEnd.AFTER_RESPONSE)));
          names.add(XdsNames.picker(
              service,
              new ConnectionSettings(
                  OptionalInt.empty(),
                  new ResolvedTls.Verified("", "9002"),
                  Optional.empty(),
                  PickerEnd.AFTER_RESPONSE)));
          names.add(XdsNames.picker(
              service,
              new ConnectionSettings(
                  OptionalInt.empty(),
                  new ResolvedTls.Unverified(),
                  Optional.of(new PickerHealth(9002, "")),
                  PickerEnd.AFTER_RESPONSE)));
          names.add(XdsNames.picker(
              service,
              new ConnectionSettings(
                  OptionalInt.empty(),
                  new ResolvedTls.Unverified(),
                  Optional.empty(),
                  PickerEnd.AFTER_REQUEST)));
        }
      }
    }
    assertThat(names).doesNotHaveDuplicates();
  }

  /** A name of one part that reads like several would be another object's. */
  @Test
  void noNameHasASlash() {
    assertThat(UserStrings.refusedName("a/b")).isPresent();
    assertThat(UserStrings.refusedLabel("a/b")).isPresent();
    assertThat(UserStrings.refusedLabel("a.b")).isPresent();
    assertThat(UserStrings.refusedName("a.b")).isEmpty();
  }
}
