package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.wire.FieldReader;
import dev.pointsman.wire.RawRepeatedField;
import dev.pointsman.xds.GatewaySection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The Gateways of a translation, by the metadata of their virtual hosts. The names of route configurations do not
 * identify a Gateway: with XDSNameSchemeV2 those of all Gateways are called {@code http-80} and the like.
 */
public final class TranslatedGateways {
  private TranslatedGateways() {}

  /**
   * The Gateways of the first virtual host of each route configuration; several if Envoy Gateway merges them. Empty if
   * no virtual host names its Gateway.
   */
  public static Set<ObjectRef> of(List<ByteString> routes) {
    Set<ObjectRef> gateways = new HashSet<>();
    for (ByteString routeConfiguration : routes) {
      try {
        section(routeConfiguration)
            .ifPresent(section ->
                gateways.add(new ObjectRef("Gateway", section.namespace(), section.name())));
      } catch (InvalidProtocolBufferException unreadable) {
        // The reader of the route configuration reports it.
      }
    }
    return Set.copyOf(gateways);
  }

  private static Optional<GatewaySection> section(ByteString routeConfiguration)
      throws InvalidProtocolBufferException {
    ByteString host = FieldReader.message(
        routeConfiguration, ShallowRouteConfiguration.VIRTUAL_HOSTS_FIELD_NUMBER);
    return GatewaySection.of(ShallowVirtualHost.parseFrom(
        RawRepeatedField.others(host, ShallowVirtualHost.ROUTES_FIELD_NUMBER)));
  }
}
