package dev.pointsman.kube.status;

import dev.pointsman.kube.status.WriteApi.WriteFailure;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The failed calls of passes. Failures of one namespace, such as those of a webhook for it, must not stop the others; but a
 * call may take seconds to fail, so that a pass ends where the API server is away. In the next one the namespaces without
 * failures come first, and then those that failed longest ago.
 */
final class PassFailures {
  /** The number of failures after which the rest of a namespace waits for the next pass. */
  private static final int MOST_IN_NAMESPACE = 3;

  /** The number of namespaces with failures in a row after which all others wait. */
  private static final int MOST_NAMESPACES = 3;

  private final Map<String, Integer> byNamespace = new HashMap<>();
  private final Set<String> inARow = new HashSet<>();

  /** The last pass with a failure, by namespace. */
  private final Map<String, Integer> lastFailures = new HashMap<>();

  private int pass;

  /** Begins a pass. */
  void begin() {
    pass++;
    byNamespace.clear();
    inARow.clear();
  }

  /** The place of a namespace's calls in the next pass: the least comes first. */
  int place(String namespace) {
    return lastFailures.getOrDefault(namespace, 0);
  }

  /** Records a failure. A refusal is a response. */
  void failed(String namespace, WriteFailure why) {
    if (why.isRefusal()) {
      responded(namespace);
    } else {
      lastFailures.put(namespace, pass);
      byNamespace.merge(namespace, 1, Integer::sum);
      inARow.add(namespace);
    }
  }

  /** Records a response. */
  void responded(String namespace) {
    inARow.clear();
    if (place(namespace) < pass) {
      lastFailures.remove(namespace);
    }
  }

  /** Whether a call in the namespace has to wait for the next pass. */
  boolean delays(String namespace) {
    return inARow.size() >= MOST_NAMESPACES
        || byNamespace.getOrDefault(namespace, 0) >= MOST_IN_NAMESPACE;
  }
}
