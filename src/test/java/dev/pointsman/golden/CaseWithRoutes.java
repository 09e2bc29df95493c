package dev.pointsman.golden;

import com.google.protobuf.ByteString;
import dev.pointsman.extension.PostTranslateModifyRequest;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A recorded case whose first virtual host has some routes more, before all others. */
final class CaseWithRoutes {
  private CaseWithRoutes() {}

  /** Writes the case. */
  static GoldenCase in(Path folder, List<Route> routes) throws IOException {
    for (RecordedRequest request : GoldenCase.named("model-routes-two-pools").requests()) {
      ByteString bytes = request.bytes();
      if (request.isTranslation()) {
        PostTranslateModifyRequest.Builder edited =
            request.as(PostTranslateModifyRequest.parser()).toBuilder();
        RouteConfiguration.Builder table =
            RouteConfiguration.parseFrom(edited.getRoutes(0)).toBuilder();
        List<Route> others = List.copyOf(table.getVirtualHosts(0).getRoutesList());
        table.getVirtualHostsBuilder(0).clearRoutes().addAllRoutes(routes).addAllRoutes(others);
        bytes = edited.setRoutes(0, table.build().toByteString()).build().toByteString();
      }
      Files.write(folder.resolve(request.file()), bytes.toByteArray());
    }
    return new GoldenCase(folder);
  }
}
