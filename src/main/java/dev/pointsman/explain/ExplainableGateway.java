package dev.pointsman.explain;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.ObjectRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The last translation of a Gateway, or of several that Envoy Gateway merges.
 *
 * @param gateways their namespaces and names
 */
public record ExplainableGateway(
    Set<String> gateways, GatewayXds xds, List<Diagnostic> diagnostics) {
  public ExplainableGateway {
    gateways = Set.copyOf(gateways);
    diagnostics = List.copyOf(diagnostics);
  }

  /**
   * A translation's answer.
   *
   * @throws InvalidProtocolBufferException if a resource cannot be read
   */
  public static ExplainableGateway of(
      Set<ObjectRef> gateways,
      List<ByteString> listeners,
      List<ByteString> routes,
      List<ByteString> clusters,
      List<Diagnostic> diagnostics)
      throws InvalidProtocolBufferException {
    return new ExplainableGateway(
        gateways.stream()
            .map(gateway -> gateway.namespace() + "/" + gateway.name())
            .collect(Collectors.toSet()),
        GatewayXds.of(listeners, routes, clusters),
        diagnostics);
  }

  /**
   * A question about a request.
   *
   * @param gateway the namespace and name of the Gateway; empty if the request decides
   */
  public record Question(String gateway, AskedRequest request) {
    public Question {
      requireNonNull(gateway, "gateway");
      requireNonNull(request, "request");
    }

    /**
     * The answer for one of the Gateways.
     *
     * @throws UnclearRequest if none or several of them may be meant
     * @throws InvalidProtocolBufferException if a filter cannot be read
     */
    public Explanation answer(List<ExplainableGateway> all, EndpointsNow endpoints)
        throws UnclearRequest, InvalidProtocolBufferException {
      List<ExplainableGateway> meant = all.stream()
          .filter(one -> gateway.isEmpty() || one.gateways().contains(gateway))
          .toList();
      if (meant.isEmpty()) {
        throw new UnclearRequest("there is no translation of "
            + (gateway.isEmpty() ? "any Gateway" : "Gateway " + gateway)
            + (all.isEmpty()
                ? ": Envoy Gateway has not called this replica yet; ask all of them with --kubernetes"
                : ": known are " + names(all)));
      }
      if (meant.size() == 1) {
        return answer(meant.getFirst(), endpoints);
      }
      List<Explanation> explanations = new ArrayList<>();
      Set<String> takers = new TreeSet<>();
      for (ExplainableGateway one : meant) {
        try {
          Explanation explanation = answer(one, endpoints);
          if (explanation.virtualHost().isPresent()) {
            explanations.add(explanation);
            takers.addAll(one.gateways());
          }
        } catch (UnclearRequest _) {
          // Not this Gateway's request, or not clear enough: the message below asks for the name.
        }
      }
      if (explanations.size() != 1) {
        throw new UnclearRequest("name the Gateway of the request, one of "
            + (takers.isEmpty() ? names(meant) : String.join(", ", takers)));
      }
      return explanations.getFirst();
    }

    private Explanation answer(ExplainableGateway one, EndpointsNow endpoints)
        throws UnclearRequest, InvalidProtocolBufferException {
      return new Explainer(one.xds(), endpoints, one.diagnostics())
          .explain(request)
          .of(one.gateways());
    }

    private static String names(List<ExplainableGateway> all) {
      Set<String> names = new TreeSet<>();
      all.forEach(one -> names.addAll(one.gateways()));
      return names.isEmpty() ? "none" : String.join(", ", names);
    }
  }
}
