package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.linecorp.armeria.internal.shaded.xds.pgv.ReflectiveValidatorIndex;
import com.linecorp.armeria.internal.shaded.xds.pgv.ValidationException;
import com.linecorp.armeria.internal.shaded.xds.pgv.ValidatorIndex;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.util.Optional;

/**
 * The rules of Envoy's API for the fields of its messages (protoc-gen-validate). Envoy Gateway validates all resources
 * after the hooks, and publishes nothing for a Gateway while a rule is broken. This validation is the last check, after
 * the checks of users' strings. It costs some 10 µs for each new message.
 */
public final class EnvoyRules {
  private static final ValidatorIndex RULES = new ReflectiveValidatorIndex();

  private EnvoyRules() {}

  /** Thrown if a message would break a rule. */
  public static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;

    Broken(String rule) {
      super(rule);
    }
  }

  /**
   * The cluster, if it breaks no rule or its original breaks one too.
   *
   * @throws Broken with the rule
   */
  public static Cluster validated(Cluster cluster, Cluster original) {
    Optional<String> broken = brokenBy(cluster);
    if (broken.isPresent() && brokenBy(original).isEmpty()) {
      throw new Broken(broken.get());
    }
    return cluster;
  }

  /** The rule that a message breaks; empty if it breaks none. */
  public static Optional<String> brokenBy(Message message) {
    try {
      RULES.validatorFor(message).assertValid(message);
      return Optional.empty();
    } catch (ValidationException broken) {
      return Optional.of(broken.getField() + " " + broken.getReason());
    }
  }

  /**
   * The rule that a cluster or its TLS settings break. Envoy Gateway does not validate the TLS settings, Envoy does.
   */
  public static Optional<String> brokenBy(Cluster cluster) {
    try {
      Any socket = ProxyProtocol.inside(cluster.getTransportSocket()).getTypedConfig();
      Optional<String> broken = brokenBy((Message) cluster);
      return broken.isEmpty() && socket.is(UpstreamTlsContext.class)
          ? brokenBy(socket.unpack(UpstreamTlsContext.class))
          : broken;
    } catch (InvalidProtocolBufferException unreadable) {
      return Optional.of("transport_socket cannot be read");
    }
  }
}
