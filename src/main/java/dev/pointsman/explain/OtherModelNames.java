package dev.pointsman.explain;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import dev.pointsman.explain.RequestEnd.Answered;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.Locale;
import java.util.Optional;

/** Servers that know the model by another name. It is written into JSON only, so that forms are refused. */
final class OtherModelNames {
  static final Answered REFUSED = new Answered(
      400,
      "missing_required_parameter",
      "the backend knows the model by another name, which the gateway writes into JSON only, not into a form");

  private OtherModelNames() {}

  /** Whether the cluster writes a name into bodies, and this request has another one than JSON. */
  static boolean isRefusedBy(Cluster cluster, RequestState request)
      throws InvalidProtocolBufferException {
    for (Any options : cluster.getTypedExtensionProtocolOptionsMap().values()) {
      if (options.is(HttpProtocolOptions.class)
          && options.unpack(HttpProtocolOptions.class).getHttpFiltersList().stream()
              .anyMatch(filter -> filter.getName().equals(XdsNames.OTHER_NAME_FILTER))) {
        return isForm(request);
      }
    }
    return false;
  }

  /** Whether a name is written for this stage of the route, and this request has another body than JSON. */
  static boolean isRefusedIn(Route front, int stage, RequestState request) {
    return front
            .getMetadata()
            .getFilterMetadataOrDefault(XdsNames.STAGES_FILTER, Struct.getDefaultInstance())
            .containsFields(Integer.toString(stage))
        && isForm(request);
  }

  private static boolean isForm(RequestState request) {
    boolean hasBody = request.header("transfer-encoding").isPresent()
        || !request.header("content-length").orElse("0").equals("0");
    return hasBody
        && Optional.of(request.header("content-type").orElse("").toLowerCase(Locale.ROOT))
            .filter(type -> type.startsWith("multipart/form-data"))
            .isPresent();
  }
}
