package dev.pointsman.explain;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.explain.RequestEnd.Answered;
import dev.pointsman.xds.OtherNames;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.Locale;

/** Servers that know the model by another name. It is written into JSON only, so that forms are refused. */
final class OtherModelNames {
  static final Answered REFUSED = new Answered(
      400,
      "missing_required_parameter",
      "the backend knows the model by another name, which the gateway writes into JSON, not into a form");

  private OtherModelNames() {}

  /** Whether the cluster writes a name into bodies, and this request is a form. */
  static boolean isRefusedBy(Cluster cluster, RequestState request)
      throws InvalidProtocolBufferException {
    return isForm(request) && OtherNames.isWrittenBy(cluster);
  }

  /** Whether a name is written in this stage of the route, and this request is a form. */
  static boolean isRefusedIn(Route front, int stage, RequestState request) {
    return isForm(request) && OtherNames.isWrittenIn(front, stage);
  }

  private static boolean isForm(RequestState request) {
    boolean hasBody = request.header("transfer-encoding").isPresent()
        || !request.header("content-length").orElse("0").equals("0");
    return hasBody
        && request
            .header("content-type")
            .orElse("")
            .toLowerCase(Locale.ROOT)
            .startsWith("multipart/form-data");
  }
}
