package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.EndpointPicker;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.Service;
import dev.pointsman.model.TlsSpec;
import java.util.List;
import java.util.OptionalInt;

/** The programs behind the Services of endpoint pickers: pool, port, TLS, replicas. */
final class PickerProgramChecks implements Check {
  @Override
  public void check(Manifests manifests, FindingCollector report) {
    manifests
        .objects()
        .pools()
        .keySet()
        .forEach(pool -> PickerPrograms.workloads(manifests, pool)
            .flatMap(workload -> PickerProgram.of(workload).stream())
            .forEach(program -> {
              pool(manifests, report, pool, program);
              port(manifests, report, pool, program);
              tls(manifests, report, pool, program);
              PickerReplicas.check(report, program);
            }));
  }

  private static void pool(
      Manifests manifests, FindingCollector report, InferencePool pool, PickerProgram program) {
    PoolRef ref = pool.ref();
    String name = program.poolName().orElse(ref.name());
    PoolRef watched = new PoolRef(program.poolGroup(), ref.namespace(), name);
    if (!name.equals(ref.name())) {
      report.add(
          program.workload().manifest(),
          Reason.PickerOfOtherPool,
          program.pathOf("pool-name"),
          "has --pool-name " + name + ", but InferencePool " + ref + " names its Service",
          "Its picks are not pods of the pool, so the gateway balances requests by itself; without such a pool the"
              + " picker does not become ready",
          "Set --pool-name=" + ref.name() + ", or name the Service of the pool's own picker");
    } else if (!watched.group().equals(ref.group())
        && manifests.isRead(GatewayApi.pool(watched.group()), watched.namespace())
        && !manifests.snapshot().pools().containsKey(watched)) {
      report.add(
          program.workload().manifest(),
          Reason.PickerOfOtherGroup,
          program.pathOf("pool-group"),
          "reads its pool from " + watched.group() + ", but the pool is of " + ref.group(),
          "The picker finds no pool and does not become ready. "
              + PickerServiceChecks.consequence(pool.picker().orElseThrow()),
          "Create the pool in " + watched.group()
              + " as well, with the same selector, or use a picker of the pool's version");
    }
  }

  private static void port(
      Manifests manifests, FindingCollector report, InferencePool pool, PickerProgram program) {
    EndpointPicker picker = pool.picker().orElseThrow();
    OptionalInt served = program.port();
    PickerPrograms.service(manifests, pool)
        .flatMap(service -> service.ports().stream())
        .filter(port -> port.port() == picker.service().port() && port.targetPort() > 0)
        .map(Service.Port::targetPort)
        .filter(target -> served.isPresent() && served.getAsInt() != target)
        .findFirst()
        .ifPresent(target -> {
          Manifest service = manifests
              .find(
                  GatewayApi.SERVICE,
                  picker.service().namespace(),
                  picker.service().name())
              .orElseThrow();
          report.add(
              service,
              Reason.PickerPortNotServed,
              "spec.ports",
              "leads port " + picker.service().port() + " to " + target
                  + ", but the endpoint picker serves ext_proc on " + served.getAsInt(),
              PickerServiceChecks.consequence(picker),
              "Set targetPort: " + served.getAsInt() + ", or --grpc-port=" + target);
        });
  }

  private static void tls(
      Manifests manifests, FindingCollector report, InferencePool pool, PickerProgram program) {
    List<PolicyReach.TlsSetting> modes = PolicyReach.pickerTls(manifests, pool.ref());
    EndpointPicker picker = pool.picker().orElseThrow();
    if (!program.isSecure()
        && manifests.areRead(GatewayApi.HTTP_ROUTE, GatewayApi.POLICY)
        && modes.stream().noneMatch(one -> one.tls() instanceof TlsSpec.Plaintext)) {
      report.add(
          program.workload().manifest(),
          Reason.PickerTlsMismatch,
          program.pathOf("secure-serving"),
          "serves without TLS, but Envoy calls the picker with TLS",
          PickerServiceChecks.consequence(picker),
          "Remove --secure-serving=false, or set endpointPicker.tls.mode: Plaintext in an InferencePolicy on the"
              + " HTTPRoute or the Gateway");
    }
    for (PolicyReach.TlsSetting mode : modes) {
      if (program.isSecure() && mode.tls() instanceof TlsSpec.Plaintext) {
        report.add(
            mode.policy(),
            Reason.PickerTlsMismatch,
            "spec.endpointPicker.tls.mode",
            "is Plaintext, but the endpoint picker of InferencePool " + pool.ref()
                + " serves with TLS",
            PickerServiceChecks.consequence(picker),
            "Use mode SkipVerify or Verify, or start the picker with --secure-serving=false");
      } else if (program.isSecure()
          && program.makesItsCertificate()
          && mode.tls() instanceof TlsSpec.Verify) {
        report.add(
            mode.policy(),
            Reason.PickerSelfSigned,
            "spec.endpointPicker.tls.mode",
            "is Verify, but the endpoint picker of InferencePool " + pool.ref()
                + " makes a certificate of its own at each start",
            PickerServiceChecks.consequence(picker),
            "Give the picker a certificate (--cert-path), or use mode SkipVerify");
      }
    }
  }
}
