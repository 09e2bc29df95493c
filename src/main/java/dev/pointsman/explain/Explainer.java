package dev.pointsman.explain;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.ListenerSearch.Entrance;
import dev.pointsman.explain.RequestEnd.Answered;
import dev.pointsman.explain.RequestEnd.Forwarded;
import dev.pointsman.explain.RequestEnd.Redirected;
import dev.pointsman.model.BodySizes;
import dev.pointsman.model.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
   * Explains a request. Of several listeners that take it to the same end the first is shown; those that redirect are left
   * out if others do not.
   *
   * @throws UnclearRequest if no listener takes it, or several to other ends
   * @throws InvalidProtocolBufferException if a filter cannot be read
   */
  public Explanation explain(AskedRequest asked)
      throws UnclearRequest, InvalidProtocolBufferException {
    List<Explanation> all = new ArrayList<>();
    for (Entrance entrance : entrances(asked)) {
      all.add(explain(asked, entrance));
    }
    List<Explanation> served = new ArrayList<>(all);
    served.removeIf(one -> one.end() instanceof Redirected);
    if (served.isEmpty()) {
      served = all;
    }
    if (served.stream().map(Explainer::outcome).distinct().count() != 1) {
      throw new UnclearRequest(
          "several listeners take the request, to other ends: name one with --listener: "
              + String.join(", ", names(all)));
    }
    Explanation first = served.getFirst();
    return first.besides(
        names(all).stream().filter(name -> !name.equals(first.listener())).toList());
  }

  private static List<String> names(List<Explanation> all) {
    return all.stream().map(Explanation::listener).toList();
  }

  /** The end without the listener's name, which is a part of the names of loops' clusters. */
  private static String outcome(Explanation explanation) {
    return explanation.end().toString().replace(explanation.listener(), "");
  }

  private Explanation explain(AskedRequest asked, Entrance entrance)
      throws InvalidProtocolBufferException {
    AskedRequest request = asked.host().isEmpty() ? asked.to(entrance.host()) : asked;
    Passage passage = new Passage(request, listeners, upstreams);
    RequestEnd end = passage.end(entrance);
    if (end instanceof Forwarded forwarded && request.body().bytes() < BodySizes.LARGE) {
      end = withLargeBodies(forwarded, request, entrance, passage);
    }
    return passage.explanation(entrance, end, diagnostics);
  }

  /** The listeners that the request may mean, at least one. */
  private List<Entrance> entrances(AskedRequest asked)
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
    return withHost.isEmpty() ? found : withHost;
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
