package dev.pointsman.page;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.pointsman.fuzz.FuzzInput;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Any resource that Envoy could read is shown as JSON, without the secrets of a data source or a header in it. */
public final class ShownResourcesFuzz {
  private static final List<Parser<? extends Message>> KINDS = List.of(
      Listener.parser(), Cluster.parser(), RouteConfiguration.parser(), DataSource.parser());

  private ShownResourcesFuzz() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    FuzzInput input = new FuzzInput(bytes);
    Message resource;
    try {
      resource = KINDS.get(input.below(KINDS.size())).parseFrom(ByteString.copyFrom(input.rest()));
    } catch (InvalidProtocolBufferException unreadable) {
      return;
    }
    String shown = RedactedXds.json(resource).toString();
    if (!JsonMapper.shared().readTree(shown).isObject()) {
      throw new AssertionError(shown);
    }
    if (resource instanceof DataSource source
        && source.hasInlineString()
        && source.getInlineString().length() > 12
        && shown.contains(source.getInlineString())) {
      throw new AssertionError("a data source is shown: " + shown);
    }
  }
}
