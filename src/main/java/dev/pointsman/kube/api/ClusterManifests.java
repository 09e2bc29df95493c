package dev.pointsman.kube.api;

import dev.pointsman.kube.KubeObject;
import dev.pointsman.kube.Manifest;
import dev.pointsman.model.CertificateRef;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PolicyCertificates;
import dev.pointsman.model.PolicyParser;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Lists the objects of a cluster once. */
public final class ClusterManifests {
  private static final int NOT_FOUND = 404;
  private static final int PAGE = 500;

  private final ApiServer server;
  private final List<String> namespaces;
  private final List<Manifest> manifests = new ArrayList<>();
  private final Set<String> unread = new TreeSet<>();

  private ClusterManifests(ApiServer server, List<String> namespaces) {
    this.server = server;
    this.namespaces = namespaces;
  }

  /**
   * The objects of a cluster.
   *
   * @param unread the kinds that may not be listed, as {@code HTTPRoute.gateway.networking.k8s.io}
   */
  public record Listing(List<Manifest> manifests, Set<String> unread) {
    public Listing {
      manifests = List.copyOf(manifests);
      unread = Set.copyOf(unread);
    }
  }

  /**
   * Lists all kinds. A kind that does not exist has no objects.
   *
   * @param namespaces empty for all
   * @throws IOException if the API server does not respond
   */
  public static Listing list(ApiAccess access, List<String> namespaces) throws IOException {
    try (ApiServer server = new ApiServer(access, ApiServer.SILENCE)) {
      ClusterManifests listing = new ClusterManifests(server, namespaces);
      for (ListedKind kind : ListedKind.ALL) {
        listing.list(kind);
      }
      for (CertificateRef ref : listing.certificates()) {
        listing.list(ListedKind.named(ref.kind(), ref.name()));
      }
      return new Listing(listing.manifests, listing.unread);
    }
  }

  /**
   * Lists the pods of all namespaces.
   *
   * @throws IOException if the API server does not respond
   */
  public static Listing pods(ApiAccess access) throws IOException {
    try (ApiServer server = new ApiServer(access, ApiServer.SILENCE)) {
      ClusterManifests listing = new ClusterManifests(server, List.of());
      listing.list(ListedKind.PODS);
      return new Listing(listing.manifests, listing.unread);
    }
  }

  private void list(ListedKind kind) throws IOException {
    for (String version : kind.versions()) {
      try {
        for (String path : kind.paths(version, namespaces).toList()) {
          pages(kind, version, path);
        }
        return;
      } catch (ApiException e) {
        if (e.code() != NOT_FOUND) {
          if (e.isOutage()) {
            throw e;
          }
          unread.add(kind.toString());
          return;
        }
      }
    }
  }

  private void pages(ListedKind kind, String version, String path) throws IOException {
    String next = "";
    do {
      String parameters = "limit=" + PAGE + (next.isEmpty() ? "" : "&continue=" + next);
      try (InputStream body = server.get(path + parameters)) {
        next = ListPage.read(body, object -> {
              // Objects of a list have no kind.
              object.put("kind", kind.kind());
              object.put("apiVersion", kind.apiVersion(version));
              manifests.add(new Manifest(new KubeObject(object), "", new TreeMap<>()));
            })
            .next();
      }
    } while (!next.isEmpty());
  }

  /** The certificates that policies name; only these Secrets and ConfigMaps are read. */
  private Set<CertificateRef> certificates() {
    Set<CertificateRef> refs = new TreeSet<>(
        Comparator.comparing(CertificateRef::kind).thenComparing(CertificateRef::name));
    manifests.stream()
        .filter(one -> PolicyParser.isPolicy(one.node()))
        .map(one -> PolicyParser.parse(one.node()))
        .forEach(parsed -> {
          if (parsed instanceof Parsed.Valid<InferencePolicy>(InferencePolicy policy, var _)) {
            refs.addAll(PolicyCertificates.of(policy));
          }
        });
    return refs;
  }
}
