package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.EndpointPicker;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.ServicePort;
import dev.pointsman.model.ServiceRefusal;
import java.util.Map;

/** The Services that pools name as endpoint pickers. */
final class PickerServiceChecks implements Check {
  @Override
  public void check(Manifests manifests, FindingCollector report) {
    Map<InferencePool, Manifest> pools = manifests.objects().pools();
    pools.forEach((pool, manifest) -> pool.picker().ifPresent(picker -> {
      String field = "spec." + pool.ref().pickerField();
      ServicePort service = picker.service();
      manifests
          .snapshot()
          .refusal(service)
          .filter(why -> why != ServiceRefusal.NO_SERVICE
              || manifests.isMissing(GatewayApi.SERVICE, service.namespace(), service.name()))
          .ifPresent(why -> report.add(
              manifest,
              why.ofPicker(),
              field,
              "names Service " + service + ", " + why.clause(),
              consequence(picker),
              remedy(why)));
      pools.keySet().stream()
          .filter(other -> other
              .picker()
              .map(EndpointPicker::service)
              .equals(pool.picker().map(EndpointPicker::service)))
          .filter(other -> other.ref().compareTo(pool.ref()) < 0)
          .filter(other -> !other.ref().name().equals(pool.ref().name())) // its v1alpha2 twin
          .findFirst()
          .ifPresent(other -> report.add(
              manifest,
              Reason.PickerShared,
              field,
              "names Service " + service + ", as " + ObjectRef.of(other.ref()) + " does",
              "A picker knows the pods of one pool; its picks for the other are not pods of it, so the gateway balances"
                  + " those requests by itself",
              "Run an endpoint picker for each pool"));
    }));
  }

  static String consequence(EndpointPicker picker) {
    return switch (picker.failureMode()) {
      case FAIL_CLOSE -> "Requests are answered with 503 (failureMode FailClose)";
      case FAIL_OPEN ->
        "The gateway chooses among the pool's pods by itself (failureMode FailOpen)";
    };
  }

  private static String remedy(ServiceRefusal why) {
    return switch (why) {
      case NO_SERVICE -> "Create the Service, or name the picker's Service";
      case NO_PORT -> "Name a port of the Service, 9002 for stock pickers";
      case EXTERNAL -> "Use a Service with a selector or EndpointSlices";
    };
  }
}
