package dev.pointsman.translate;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.EndpointPicker;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.ServiceRefusal;
import dev.pointsman.plan.PoolBackend.ValidPool;
import dev.pointsman.translate.RequiredResources.PoolClusterSpec;
import java.util.ArrayList;
import java.util.List;

/** Reports pickers whose Services do not exist. The xDS resources do not depend on it. */
final class MissingPickerServices {
  private MissingPickerServices() {}

  /** The pickers whose Service or port does not exist; none until the snapshot's source has synced. */
  static List<Diagnostic> missing(RequiredResources required, ClusterSnapshot snapshot) {
    List<Diagnostic> missing = new ArrayList<>();
    if (snapshot.synced()) {
      for (PoolClusterSpec spec : required.pools().values()) {
        if (!(spec.backend() instanceof ValidPool pool)) {
          continue;
        }
        pool.picker()
            .ifPresent(picker -> snapshot
                .refusal(picker.service())
                .ifPresent(why -> missing.add(missing(pool, picker, why))));
      }
    }
    return missing;
  }

  private static Diagnostic missing(ValidPool pool, EndpointPicker picker, ServiceRefusal why) {
    String then = switch (picker.failureMode()) {
      case FAIL_CLOSE -> "its requests are answered with 503";
      case FAIL_OPEN -> "the gateway chooses among the pool's pods by itself";
    };
    return new Diagnostic(
        why.ofPicker(),
        ObjectRef.of(pool.ref()),
        "spec." + pool.ref().pickerField(),
        "names Service " + picker.service() + ", " + why.clause() + ": " + then);
  }
}
