package dev.pointsman.plan;

import dev.pointsman.model.InferencePolicy.Explain;
import dev.pointsman.model.InferencePolicy.FairnessSource;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.Fallback.Stage;
import dev.pointsman.plan.PickerSettings.ConnectionSettings;
import dev.pointsman.plan.PoolBackend.ServiceBackend;
import dev.pointsman.plan.PoolBackend.ValidPool;
import dev.pointsman.plan.RulePlan.Share;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Counts the bytes that models, mirrors and certificates of policies add to a translation. The count is an upper bound,
 * and is known before any resource is made. Resources that several routes share count once.
 */
public final class PolicyBytes {
  /** The number of copies of a route with a fallback, beside one for each stage. */
  private static final int STAGES = 4;

  /** The bytes of a route's copy beside those of the route. */
  private static final int ROUTE = 625;

  /** The bytes of a share of a route, with its filters. */
  private static final int SHARE = 400;

  /** The bytes of the cluster of a share, which is made from the rule's cluster. */
  private static final int CLUSTER = 1_536;

  /** The bytes of a mirror in a route. */
  private static final int MIRROR = 400;

  /** The bytes that count the tokens of a route's responses. */
  private static final int TOKEN_USAGE = 128;

  /** The bytes that set a header for pickers beside those of its value. */
  private static final int PICKER_HEADER = 400;

  /** The bytes that let requests ask for an explanation beside those of the claim. */
  private static final int EXPLAIN = 300;

  /** The bytes of a model in the list of a host's models beside those of its name. */
  private static final int LISTED = 64;

  /** The bytes of a cluster for TLS beside those of its certificates. */
  private static final int TLS = 700;

  private static final int MIRROR_LOOP = 10_240;

  /** The bytes of the cluster that tells pickers a subset, for each rule. */
  private static final int HINT = 8_192;

  /** The bytes of the script of a cluster that writes another name for the model. */
  private static final int OTHER_NAME = 5_120;

  private final Set<Object> counted = new HashSet<>();

  private record CountedPicker(ServicePort service, ConnectionSettings connection) {}

  private record CountedMirror(PolicyPlan.Mirror mirror) {}

  /**
   * The bytes of a match.
   *
   * @param routeBytes of the route that it narrows
   * @param copies the largest number of copies of an added route, itself included
   * @param policy the settings of policies for the route's rule
   */
  public long of(ModelMatch match, int routeBytes, int copies, PolicyPlan policy) {
    List<Share> shares = match.plan().map(RulePlan::shares).orElse(List.of());
    long bytes = copies
        * ((long) routeBytes
            + ROUTE
            + match.bytes()
            + ofFilters(policy)
            + (long) SHARE * shares.size()
            + (long) MIRROR * policy.mirrors().size());
    for (String name : match.names()) {
      bytes += ofListed(name);
    }
    for (Share share : shares) {
      bytes += counted.add(share.cluster()) ? CLUSTER + ofOtherName(share) : 0;
    }
    Optional<Fallback> fallback = policy.of(match);
    if (fallback.isPresent()) {
      long mirrored = (long) MIRROR * policy.mirrors().size();
      bytes += ofStages(
          fallback.get(),
          routeBytes + mirrored + match.bytes() + ofFilters(policy) + (long) SHARE * shares.size());
      bytes += ofClusters(fallback.get(), policy);
    }
    return bytes
        + certificates(shares.stream().map(Share::pool), policy.picker().connection())
        + ofPods(shares, policy.upstreamTls());
  }

  /** The bytes of a model in the list of a host's models. */
  public static long ofListed(String name) {
    return LISTED + 3L * name.length(); // a character takes at most three bytes in JSON
  }

  /** The bytes of the filters that a policy adds to a route, without those of pickers. */
  public static int ofFilters(PolicyPlan policy) {
    return (policy.countsTokens() ? TOKEN_USAGE : 0)
        + policy.identity().fairness().map(PolicyBytes::ofFairness).orElse(0)
        + policy
            .identity()
            .objective()
            .map(name -> PICKER_HEADER + name.length())
            .orElse(0)
        + policy.explain().map(PolicyBytes::ofExplain).orElse(0);
  }

  private static int ofExplain(Explain explain) {
    return EXPLAIN
        + explain
            .claim()
            .map(claim -> claim.provider().length()
                + claim.name().length()
                + claim.value().length())
            .orElse(0);
  }

  /** The expression has the value three times. */
  private static int ofFairness(FairnessSource source) {
    return PICKER_HEADER
        + switch (source) {
          case FairnessSource.FromHeader(String name) -> 3 * (32 + name.length());
          case FairnessSource.FromClaim(String provider, String claim) ->
            3 * (80 + provider.length() + claim.length());
        };
  }

  /**
   * The bytes of the mirrors of a route itself, and of the clusters of its stages.
   *
   * @param copies the largest number of copies of the route, itself included
   */
  public long ofMirrorsAndStages(int copies, PolicyPlan policy) {
    long bytes = (long) copies * MIRROR * policy.mirrors().size();
    bytes += policy.ofRule().map(one -> ofClusters(one, policy)).orElse(0L);
    for (PolicyPlan.Mirror mirror : policy.mirrors()) {
      bytes += counted.add(new CountedMirror(mirror))
          ? MIRROR_LOOP + (mirror.model().isPresent() ? OTHER_NAME : 0)
          : 0;
      bytes += certificates(
          Stream.of(mirror.backend()),
          mirror.picker().map(PickerSettings::connection).orElse(ConnectionSettings.DEFAULT));
      bytes += ofPods(List.of(new Share("", 1, mirror.backend())), mirror.upstreamTls());
    }
    return bytes;
  }

  /**
   * The bytes of the copies of a route for the stages of a fallback, without their clusters.
   *
   * @param routeBytes of the route
   */
  public static long ofStages(Fallback fallback, long routeBytes) {
    long models = fallback.stages().stream()
        .mapToLong(stage -> 3L * stage.model().map(String::length).orElse(0))
        .sum();
    return (STAGES + fallback.stages().size()) * (routeBytes + ROUTE + SHARE + models);
  }

  private static int ofOtherName(Share share) {
    return share.pool() instanceof ServiceBackend service && service.model().isPresent()
        ? OTHER_NAME
        : 0;
  }

  private long ofClusters(Fallback fallback, PolicyPlan policy) {
    long bytes = fallback.hint().isPresent() && counted.add(fallback.original()) ? HINT : 0;
    for (Stage stage : fallback.stages()) {
      bytes += counted.add(stage.share().cluster()) ? CLUSTER : 0;
    }
    return bytes
        + certificates(
            fallback.stages().stream().map(stage -> stage.share().pool()),
            policy.picker().connection())
        + ofPods(fallback.stages().stream().map(Stage::share).toList(), policy.upstreamTls());
  }

  /** The bytes of the certificates for the pools' pickers and pods. */
  public long ofCertificates(List<PoolBackend> pools, PolicyPlan policy) {
    return certificates(pools.stream(), policy.picker().connection())
        + ofPods(pools.stream().map(pool -> new Share("", 1, pool)).toList(), policy.upstreamTls());
  }

  /** The bytes of the certificates in the clusters of pools. */
  private static long ofPods(List<Share> shares, UpstreamTls tls) {
    return shares.stream().filter(share -> share.pool() instanceof ValidPool).count()
        * (tls.equals(UpstreamTls.PLAINTEXT) ? 0 : TLS + tls.bytes());
  }

  private long certificates(Stream<PoolBackend> pools, ConnectionSettings connection) {
    if (!(connection.tls() instanceof ResolvedTls.Verified(String pem, String _))
        || pem.isEmpty()) {
      return 0;
    }
    return pools
            .filter(ValidPool.class::isInstance)
            .map(pool -> ((ValidPool) pool).picker())
            .flatMap(Optional::stream)
            .filter(picker -> counted.add(new CountedPicker(picker.service(), connection)))
            .count()
        * (pem.length() + ROUTE);
  }
}
