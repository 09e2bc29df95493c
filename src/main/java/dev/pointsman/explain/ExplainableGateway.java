package dev.pointsman.explain;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.ObjectRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The last translation of a Gateway, or of several that Envoy Gateway merges.
 *
 * @param gateways their namespaces and names; empty if nothing names them
 * @param translatedAt empty if it is not known
 */
public record ExplainableGateway(
    Set<String> gateways,
    GatewayXds xds,
    List<Diagnostic> diagnostics,
    Optional<Instant> translatedAt) {
  public ExplainableGateway {
    gateways = Set.copyOf(gateways);
    diagnostics = List.copyOf(diagnostics);
  }

  /**
   * A translation's answer, whose time is not known.
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
            .filter(gateway -> gateway.kind().equals("Gateway")) // else nothing names them
            .map(gateway -> gateway.namespace() + "/" + gateway.name())
            .collect(Collectors.toSet()),
        GatewayXds.of(listeners, routes, clusters),
        diagnostics,
        Optional.empty());
  }

  /** The same translation with its time. */
  public ExplainableGateway at(Instant time) {
    return new ExplainableGateway(gateways, xds, diagnostics, Optional.of(time));
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
      return choice(answers(all, endpoints));
    }

    /**
     * The answers of all Gateways, for {@link #choice}.
     *
     * @throws InvalidProtocolBufferException if a filter cannot be read
     */
    public List<GatewayAnswer> answers(List<ExplainableGateway> all, EndpointsNow endpoints)
        throws InvalidProtocolBufferException {
      List<GatewayAnswer> answers = new ArrayList<>();
      for (ExplainableGateway one : all) {
        Optional<Explanation> explanation = Optional.empty();
        String unclear = "";
        try {
          if (means(one.gateways())) {
            explanation = Optional.of(new Explainer(one.xds(), endpoints, one.diagnostics())
                .explain(request)
                .of(one.gateways(), one.translatedAt()));
          }
        } catch (UnclearRequest e) {
          unclear = String.valueOf(e.getMessage());
        }
        answers.add(new GatewayAnswer(one.gateways(), one.translatedAt(), explanation, unclear));
      }
      return answers;
    }

    private boolean means(Set<String> gateways) {
      return gateway.isEmpty() || gateways.contains(gateway);
    }

    /**
     * The answer of the Gateway that the question means.
     *
     * @throws UnclearRequest if none or several of them may be meant
     */
    public Explanation choice(List<GatewayAnswer> all) throws UnclearRequest {
      List<GatewayAnswer> meant =
          all.stream().filter(one -> means(one.gateways())).toList();
      if (meant.isEmpty()) {
        throw new UnclearRequest("there is no translation of "
            + (gateway.isEmpty() ? "any Gateway" : "Gateway " + gateway)
            + (all.isEmpty()
                ? ": Envoy Gateway has not called this replica yet; ask all of them with --kubernetes"
                : ": known are " + names(all)));
      }
      if (meant.size() == 1) {
        GatewayAnswer only = meant.getFirst();
        return only.explanation().orElseThrow(() -> new UnclearRequest(only.unclear()));
      }
      List<GatewayAnswer> takers = meant.stream()
          .filter(one -> one.explanation().flatMap(Explanation::virtualHost).isPresent())
          .toList();
      if (takers.size() != 1) {
        throw new UnclearRequest(
            "name the Gateway of the request, one of " + names(takers.isEmpty() ? meant : takers));
      }
      return takers.getFirst().explanation().orElseThrow();
    }

    private static String names(List<GatewayAnswer> all) {
      Set<String> names = new TreeSet<>();
      all.forEach(one -> names.addAll(one.gateways()));
      return names.isEmpty() ? "none" : String.join(", ", names);
    }
  }
}
