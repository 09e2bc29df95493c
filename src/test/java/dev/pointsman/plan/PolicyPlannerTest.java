package dev.pointsman.plan;

import static dev.pointsman.plan.PolicySamples.policy;
import static dev.pointsman.plan.PolicySamples.pool;
import static dev.pointsman.plan.PolicySamples.usable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.FailureMode;
import dev.pointsman.model.InferenceModel;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.TranslationDemand;
import dev.pointsman.plan.PolicyPlan.Mirror;
import dev.pointsman.plan.PoolBackend.InvalidPool;
import dev.pointsman.plan.RulePlan.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The settings of policies for a rule; the most specific policy comes first. */
class PolicyPlannerTest {
  private static final String RULE = "httproute/ml/chat/rule/0";
  private static final InferencePool LLAMA = pool("llama");
  private static final InferencePool QWEN = pool("qwen");
  private static final ClusterSnapshot CLUSTER =
      new ClusterObjects().add(LLAMA).add(QWEN).snapshot();

  private static final InferencePool FAR = new InferencePool(
      new PoolRef(PoolRef.V1, "far", "llama"),
      LLAMA.selector(),
      LLAMA.targetPorts(),
      LLAMA.appProtocol(),
      LLAMA.picker());

  private final List<Diagnostic> diagnostics = new ArrayList<>();

  @Test
  void withoutAPolicyNothingIsAsked() {
    assertThat(plan(CLUSTER)).isEqualTo(PolicyPlan.NONE);
  }

  @Test
  void thePartsOfAPolicyAreTakenFromTheMostSpecificThatHasThem() {
    PolicyPlan plan = plan(
        CLUSTER,
        "models: [{name: of-rule}]",
        "models: [{name: of-route}]\nmirrors: [{pool: {name: qwen}}]",
        "endpointPicker: {failureMode: FailOpen}",
        "endpointPicker: {failureMode: FailClose}\noutlierDetection: {consecutive5xxErrors: 9}");
    assertThat(plan.models()).extracting(ModelMatch::names).containsExactly(List.of("of-rule"));
    assertThat(plan.mirrors()).extracting(Mirror::backend).containsExactly(usable(QWEN));
    assertThat(plan.picker().failureMode()).contains(FailureMode.FAIL_OPEN);
    assertThat(plan.outliers().orElseThrow().consecutive5xx()).isEqualTo(9);
    assertThat(diagnostics).isEmpty();
  }

  @Test
  void aPartIsTakenWhole() {
    PolicyPlan plan = plan(
        CLUSTER, "endpointPicker: {idleTimeout: 1m}", "endpointPicker: {failureMode: FailOpen}");
    assertThat(plan.picker().idleTimeoutMillis()).hasValue(60_000);
    assertThat(plan.picker().failureMode()).isEmpty();
  }

  @Test
  void aMirrorsPickerIsAskedAsAllPickersAre() {
    PolicyPlan plan = plan(
        CLUSTER,
        "mirrors: [{pool: {name: llama}}, {pool: {name: llama}, endpointPicker: Skip}]",
        "endpointPicker: {tls: {mode: Plaintext}}");
    assertThat(plan.mirrors())
        .extracting(Mirror::picker)
        .containsExactly(Optional.of(plan.picker()), Optional.empty());
    assertThat(plan.picker().connection().tls()).isEqualTo(new ResolvedTls.Unencrypted());
  }

  @Test
  void aMirrorThatCannotBeIsLeftOutAndSaid() {
    assertThat(plan(CLUSTER, "mirrors: [{pool: {name: gone}}, {pool: {name: qwen}}]")
            .mirrors())
        .hasSize(1);
    assertThat(diagnostics).extracting(Diagnostic::reason).containsExactly(Reason.BackendNotFound);
    assertThat(diagnostics).extracting(Diagnostic::field).containsExactly("spec.mirrors[0].pool");
  }

  @Test
  void aMirrorOfNothingIsNone() {
    assertThat(plan(CLUSTER, "mirrors: [{pool: {name: llama}, percent: 0}]").mirrors())
        .isEmpty();
  }

  @Test
  void aModelWithoutBackendsGoesWhereTheRuleDoes() {
    assertThat(plan(CLUSTER, "models: [{name: a, aliases: [b, c]}]").models())
        .containsExactly(
            new ModelMatch(List.of("a", "b", "c"), Optional.empty(), Optional.empty()));
  }

  @Test
  void aModelsSharesHaveClustersOfTheirOwn() {
    List<Share> shares = shares("""
        models:
        - name: a
        - name: b
          backends: [{pool: {name: llama}, weight: 3}, {pool: {name: llama}, weight: 0}, {pool: {name: gone}}]
        """);
    assertThat(shares)
        .extracting(Share::cluster)
        .containsExactly(RULE + "/model/1/backend/0", RULE + "/model/1/backend/2");
    assertThat(shares).extracting(Share::weight).containsExactly(3L, 1L);
    assertThat(shares.getLast().pool()).isInstanceOf(InvalidPool.class);
    assertThat(diagnostics)
        .extracting(Diagnostic::field)
        .containsExactly("spec.models[1].backends[2].pool");
  }

  @Test
  void anotherNamespaceHasToAllowIt() {
    List<Share> shares =
        shares("models: [{name: a, backends: [{pool: {namespace: far, name: llama}}]}]");
    assertThat(shares.getFirst().pool()).isInstanceOf(InvalidPool.class);
    assertThat(diagnostics).extracting(Diagnostic::reason).containsExactly(Reason.RefNotPermitted);
  }

  @Test
  void inferenceModelsOfTheRulesPoolsComeBehindThePolicysOwn() {
    ClusterSnapshot models = new ClusterObjects()
        .add(LLAMA)
        .add(model("2", "new", "llama"))
        .add(model("1", "old", "llama"))
        .add(model("0", "own", "llama"))
        .add(model("0", "elsewhere", "qwen"))
        .snapshot();
    assertThat(plan(models, "models: [{name: first, aliases: [own]}]\nmodelsFrom: InferenceModel")
            .models())
        .extracting(ModelMatch::names)
        .containsExactly(List.of("first", "own", "old", "new"));
  }

  /** Each namespace is asked for its own changes: one that changes all the time delays nobody else's. */
  @Test
  void modelsAreReadForEachNamespace() {
    ClusterObjects objects = new ClusterObjects().add(model("3", "mine", "llama"));
    ClusterSnapshot before = objects.add(far("2", "early")).snapshot();
    ClusterReads reads = new ClusterReads(before);
    PolicyPlan plan = new PolicyPlanner(reads, diagnostics::add)
        .plan(
            RULE,
            List.of(usable(LLAMA), usable(FAR)),
            List.of(policy("modelsFrom: InferenceModel")));
    assertThat(plan.models())
        .extracting(ModelMatch::names)
        .containsExactly(List.of("early", "mine"));
    assertThat(reads.results().demands(before)).isEmpty();
    assertThat(reads.results().demands(objects.add(far("4", "late")).snapshot()))
        .flatExtracting(TranslationDemand::about)
        .containsExactly(new ObjectRef("Namespace", "", "far"));
  }

  private static InferenceModel far(String created, String name) {
    return new InferenceModel("far", name, created, name, "", FAR.ref(), List.of());
  }

  @Test
  void aBaseModelStandsForItsAdaptersBehindThePolicysModels() {
    PolicyPlan plan = plan(CLUSTER, "models: [{name: lora-1}]");
    assertThat(plan.withBaseModel(List.of("base", "lora-1", "lora-2")).models())
        .extracting(ModelMatch::names)
        .containsExactly(List.of("lora-1", "base", "lora-2"));
  }

  @Test
  void withoutItsAuthorityNobodyIsTrusted() {
    PolicyPlan plan =
        plan(CLUSTER, "endpointPicker: {tls: {mode: Verify, caCertificateRefs: [{name: gone}]}}");
    assertThat(plan.picker().connection().tls()).isEqualTo(new ResolvedTls.TrustNobody());
    assertThat(diagnostics)
        .extracting(Diagnostic::reason)
        .containsExactly(Reason.InvalidExtensionRef);
  }

  private List<Share> shares(String spec) {
    return plan(CLUSTER, spec).models().getLast().plan().orElseThrow().shares();
  }

  /** The plan of a rule that goes to the pool llama. */
  private PolicyPlan plan(ClusterSnapshot snapshot, String... specs) {
    List<InferencePolicy> policies = new ArrayList<>();
    for (String spec : specs) {
      policies.add(policy(spec));
    }
    return new PolicyPlanner(snapshot, diagnostics::add)
        .plan(RULE, List.of(usable(LLAMA)), policies);
  }

  private static InferenceModel model(String created, String name, String pool) {
    return new InferenceModel(
        "ml", name, created, name, "", new PoolRef(PoolRef.V1, "ml", pool), List.of());
  }
}
