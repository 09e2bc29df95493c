package dev.pointsman.explain;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.ListenerSearch.Entrance;
import dev.pointsman.explain.RequestEnd.Answered;
import dev.pointsman.explain.RequestEnd.Forwarded;
import dev.pointsman.model.BodySizes;
import dev.pointsman.model.Diagnostic;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Explains requests to a Gateway. */
public final class Explainer {
  private final ListenerSearch listeners;
  private final Upstreams upstreams;
  private final List<Diagnostic> diagnostics;

  /**
   * An explainer of a translation.
   *
   * @param diagnostics of the translation
   */
  public Explainer(GatewayXds xds, EndpointsNow endpoints, List<Diagnostic> diagnostics) {
    listeners = new ListenerSearch(xds);
    upstreams = new Upstreams(xds, endpoints);
    this.diagnostics = List.copyOf(diagnostics);
  }

  /**
   * Explains a request.
   *
   * @throws UnclearRequest if no listener or several listeners may be meant
   * @throws InvalidProtocolBufferException if a filter cannot be read
   */
  public Explanation explain(AskedRequest asked)
      throws UnclearRequest, InvalidProtocolBufferException {
    Entrance entrance = entrance(asked);
    AskedRequest request = asked.host().isEmpty() ? asked.to(entrance.host()) : asked;
    Passage passage = new Passage(request, listeners, upstreams);
    RequestEnd end = passage.end(entrance);
    if (end instanceof Forwarded forwarded && request.body().bytes() < BodySizes.LARGE) {
      end = withLargeBodies(forwarded, request, entrance, passage);
    }
    return passage.explanation(entrance, end, diagnostics);
  }

  private Entrance entrance(AskedRequest asked)
      throws UnclearRequest, InvalidProtocolBufferException {
    List<Entrance> found = listeners.of(asked);
    if (found.isEmpty()) {
      throw new UnclearRequest(
          "no listener of the Gateway has this name or port and takes the host");
    }
    List<Entrance> withHost = found.stream()
        .filter(
            one -> asked.host().isEmpty() || HostSearch.of(one.routes(), asked).isPresent())
        .toList();
    List<Entrance> meant = withHost.isEmpty() ? found : withHost;
    if (meant.size() > 1) {
      throw new UnclearRequest("several listeners take the request; name one of them: "
          + meant.stream().map(one -> one.listener().getName()).collect(Collectors.joining(", ")));
    }
    return meant.getFirst();
  }

  private Forwarded withLargeBodies(
      Forwarded end, AskedRequest request, Entrance entrance, Passage small)
      throws InvalidProtocolBufferException {
    AskedBody body = request.body();
    Passage large = new Passage(request.with(body.ofBytes(BodySizes.LARGE)), listeners, upstreams);
    RequestEnd other = large.end(entrance);
    if (body.text().isEmpty() || large.names().equals(small.names())) {
      return end;
    }
    String way = other instanceof Answered answered
        ? "get " + answered.status() + ": " + answered.cause()
        : "take the routes " + String.join(", then ", large.names());
    return new Forwarded(
        end.shares(), end.mirrors(), end.limits(), end.headers(), Optional.of(way));
  }
}
