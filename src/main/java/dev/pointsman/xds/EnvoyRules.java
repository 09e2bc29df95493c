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
 * The rules of Envoy's API for the fields of its messages (protoc-gen-validate). Envoy Gateway runs them over all
 * resources after the hooks and publishes nothing of a Gateway while one is broken, so that nothing of ours may break
 * one: the last net behind the checks of users' strings. It costs some 10 µs a message, which is made once.
 */
public final class EnvoyRules {
  private static final ValidatorIndex RULES = new ReflectiveValidatorIndex();

  private EnvoyRules() {}

  /** A message would break a rule. */
  public static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;

    Broken(String rule) {
      super(rule);
    }
  }

  /**
   * The cluster, if it breaks no rule or what it was made from breaks one too.
   *
   * @throws Broken with the rule
   */
  public static Cluster kept(Cluster cluster, Cluster original) {
    Optional<String> broken = brokenBy(cluster);
    if (broken.isPresent() && brokenBy(original).isEmpty()) {
      throw new Broken(broken.get());
    }
    return cluster;
  }

  /** The rule that a message breaks; empty where it breaks none. */
  public static Optional<String> brokenBy(Message message) {
    try {
      RULES.validatorFor(message).assertValid(message);
      return Optional.empty();
    } catch (ValidationException broken) {
      return Optional.of(broken.getField() + " " + broken.getReason());
    }
  }

  /** The same of a cluster and of the TLS settings in it, which only Envoy looks into. */
  public static Optional<String> brokenBy(Cluster cluster) {
    Any socket = cluster.getTransportSocket().getTypedConfig();
    try {
      Optional<String> broken = brokenBy((Message) cluster);
      return broken.isEmpty() && socket.is(UpstreamTlsContext.class)
          ? brokenBy(socket.unpack(UpstreamTlsContext.class))
          : broken;
    } catch (InvalidProtocolBufferException unreadable) {
      return Optional.of("transport_socket cannot be read");
    }
  }
}
