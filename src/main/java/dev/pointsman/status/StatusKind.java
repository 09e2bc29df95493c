package dev.pointsman.status;

import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.PoolRef;
import java.util.Arrays;
import java.util.Optional;

/** The kinds of objects whose status we share with other controllers, and the fields of their entries. */
public enum StatusKind {
  /** InferencePool of {@code inference.networking.k8s.io/v1}. */
  POOL(PoolRef.V1 + "/v1", "inferencepools", "parents", "parentRef", 32),
  /** InferencePool of {@code inference.networking.x-k8s.io/v1alpha2}, whose entries have no controller name. */
  POOL_V1ALPHA2(PoolRef.V1ALPHA2 + "/v1alpha2", "inferencepools", "parent", "parentRef", 32),
  /** InferencePolicy: Gateway API's PolicyStatus. */
  POLICY(InferencePolicy.API_VERSION, "inferencepolicies", "ancestors", "ancestorRef", 16);

  private final String apiVersion;
  private final String plural;
  private final String list;
  private final String ref;
  private final int most;

  StatusKind(String apiVersion, String plural, String list, String ref, int most) {
    this.apiVersion = apiVersion;
    this.plural = plural;
    this.list = list;
    this.ref = ref;
    this.most = most;
  }

  /** Returns the kind for a group and version. */
  public static Optional<StatusKind> of(String apiVersion) {
    return Arrays.stream(values())
        .filter(kind -> kind.apiVersion.equals(apiVersion))
        .findFirst();
  }

  /** Group and version. */
  public String apiVersion() {
    return apiVersion;
  }

  /** The resource's name in the API's paths. */
  public String plural() {
    return plural;
  }

  /** The field of {@code status} that holds the entries. */
  String list() {
    return list;
  }

  /** The field of an entry that references its parent. */
  String ref() {
    return ref;
  }

  /** The API's limit of entries. */
  int most() {
    return most;
  }
}
