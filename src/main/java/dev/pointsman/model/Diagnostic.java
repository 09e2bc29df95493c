package dev.pointsman.model;

import java.util.Comparator;

/**
 * A finding about a user's object, with advice; reported once.
 *
 * @param field the path in the object ({@code spec.targetPorts[0].number}); empty for the whole object
 */
public record Diagnostic(Reason reason, ObjectRef about, String field, String message)
    implements Comparable<Diagnostic> {
  /** The weight of a diagnostic, the heaviest first. */
  public enum Level {
    /** Requests fail, or an object has no effect. */
    Error,
    /** Requests may fail, or go elsewhere than the object says. */
    Warning,
    /** Nothing fails; the object may mean something else than its author thinks. */
    Info
  }

  /**
   * The catalogue of codes. Names are spelled like the condition reasons of the APIs, if they have one. Codes below PM0100
   * are reported by the server, those above by {@code pointsman analyze} alone. Each has a section in
   * {@code src/site/markdown/codes.md}. A code is never given to something else.
   */
  public enum Reason {
    NoPods(1, Level.Error, "The pool's selector selects no pod"),
    NoReadyPods(2, Level.Error, "None of the pool's pods is ready"),
    PickerUnavailable(3, Level.Error, "The endpoint picker's Service has no ready endpoint"),
    UndeclaredPort(4, Level.Warning, "No pod declares the port that it is called on"),
    BackendNotFound(5, Level.Error, "A backend does not exist"),
    InvalidInferencePool(6, Level.Error, "The pool is not valid"),
    InvalidExtensionRef(7, Level.Error, "The endpoint picker's reference is not valid"),
    InvalidPolicy(8, Level.Error, "The policy is not valid"),
    RuleRefused(9, Level.Error, "Envoy Gateway answers the rule itself"),
    RefNotPermitted(10, Level.Error, "No ReferenceGrant allows a reference into another namespace"),
    Conflicted(11, Level.Warning, "An older policy on the same target has effect instead"),
    UnknownWeights(12, Level.Warning, "The weights of a rule's pools are not known"),
    UnknownEndpoints(13, Level.Warning, "The endpoints of backends beside pools are not known"),
    Unreadable(14, Level.Warning, "A resource of Envoy Gateway could not be read"),
    InvalidObject(15, Level.Error, "An object is not valid"),
    DuplicateObject(16, Level.Warning, "Two objects have one kind, namespace and name"),
    UnsupportedFilter(17, Level.Error, "A filter of a model's route would hold for other routes"),
    UnsupportedSession(18, Level.Warning, "A rule cannot keep sessions"),
    WholeBodies(19, Level.Warning, "A processor receives each body as one message"),
    ReservedHeader(20, Level.Warning, "A claim is meant for a header that only the gateway sets"),
    ModelsHidden(21, Level.Info, "The list of models is empty, since not all clients may see it"),
    ModelListTooLong(22, Level.Warning, "The list of models is too long for an answer"),
    InvalidModelName(23, Level.Error, "No model can have this name"),
    TooLarge(24, Level.Warning, "A limit is exceeded"),
    Outranked(25, Level.Warning, "A rule with a longer path takes the requests of a model's rule"),
    BrokenRule(26, Level.Error, "A changed resource breaks a rule of Envoy's API"),
    NoPicker(27, Level.Info, "The pool names no endpoint picker"),
    PickerNotFound(28, Level.Error, "The endpoint picker's Service does not exist"),
    PickerPortNotFound(29, Level.Error, "The endpoint picker's Service has no such port"),
    ExternalPicker(30, Level.Error, "The endpoint picker's Service is an ExternalName"),
    TargetNotFound(31, Level.Error, "The policy's target does not exist"),
    MirrorToInferencePool(32, Level.Error, "A RequestMirror filter names a pool"),
    RepeatedStage(33, Level.Warning, "A stage of a fallback is the pool that is asked first"),
    AmbiguousWeights(
        34, Level.Warning, "The weights of a rule's pools can be read in several ways"),
    DisputedConnections(35, Level.Error, "Two listeners want different connections for one rule"),
    SharedHeader(36, Level.Warning, "A policy's model header would hold for other hosts"),
    RepeatedMirror(37, Level.Warning, "A mirror sends requests where they go anyway"),
    NoServingPort(40, Level.Error, "None of the pool's ports serves requests"),
    UnknownPortRole(41, Level.Warning, "A port of the pool has an unknown role"),

    AlphaPoolLeftOver(101, Level.Info, "A pool of v1alpha2 is left over beside one of v1"),
    UnusedPool(102, Level.Info, "No route leads to the pool"),
    PoolsOverlap(103, Level.Warning, "Two pools select the same pods"),
    PickerShared(104, Level.Warning, "Two pools name one endpoint picker"),
    PickerPortNotServed(105, Level.Error, "The endpoint picker serves another port"),
    PickerTlsMismatch(106, Level.Error, "One side speaks TLS, and the other plaintext"),
    PickerSelfSigned(107, Level.Error, "A certificate is verified that the picker makes itself"),
    PickerOfOtherPool(108, Level.Error, "The endpoint picker is started for another pool"),
    PickerOfOtherGroup(109, Level.Error, "The endpoint picker reads pools of another API group"),
    PickerFollowers(110, Level.Warning, "Replicas that follow the leader get requests"),
    PickerReplicas(111, Level.Info, "Replicas of an endpoint picker do not know one another"),
    PickerStopsEarly(112, Level.Info, "The endpoint picker stops before long answers have ended"),
    UnusedInferenceModel(113, Level.Warning, "No policy uses an InferenceModel"),
    InferenceModelWithoutPool(114, Level.Warning, "An InferenceModel's pool does not exist"),
    InferenceModelFieldIgnored(115, Level.Info, "A field of an InferenceModel has no effect"),
    ObjectiveWithoutPool(116, Level.Warning, "An InferenceObjective's pool does not exist"),
    OtherPoolGroup(117, Level.Error, "A route names the pool in the wrong API group"),
    UnknownPoolGroup(118, Level.Error, "A backend is a pool of an unknown API group"),
    BackendFilters(119, Level.Warning, "Filters of a pool's backendRef have no effect"),
    BackendPort(120, Level.Info, "The port of a pool's backendRef has no effect"),
    ZeroWeight(121, Level.Info, "A pool has weight 0"),
    AllWeightsZero(122, Level.Error, "All backends of a rule have weight 0"),
    RouteWithoutPools(123, Level.Error, "A route of this kind cannot lead to a pool"),
    BackendTlsPolicyOfPool(124, Level.Error, "A BackendTLSPolicy targets a pool"),
    TooManyMatches(125, Level.Error, "A route has more rules or matches than are allowed"),
    InvalidRegex(126, Level.Error, "A regular expression is not valid"),
    ModelTwice(127, Level.Warning, "Two rules match one model"),
    UnreachableRule(128, Level.Warning, "No request reaches a rule"),
    OtherModelHeader(129, Level.Warning, "A rule matches a header that nobody sets"),
    ModelHeaderTooLate(130, Level.Warning, "A filter sets the model after the route is chosen"),
    RouteNotAttached(131, Level.Error, "A route's Gateway or listener does not take it"),
    ShortTimeout(132, Level.Warning, "A time limit is short for a model's answers"),
    DefaultTimeout(133, Level.Warning, "Envoy's default limit of 15 s ends a model's answers"),
    ShortIdleTimeout(134, Level.Warning, "A pause of an answer ends the request"),
    BufferLimit(
        135, Level.Info, "A bufferLimit sends all bodies of unknown length through the loop"),
    RequestBuffer(136, Level.Warning, "A requestBuffer refuses bodies below the body limit"),
    TrailersWithRetries(137, Level.Warning, "A retried request with trailers has its body twice"),
    OutlierDetectionTwice(138, Level.Info, "A BackendTrafficPolicy replaces outlier detection"),
    TwoControllers(139, Level.Warning, "Two controllers serve one pool"),
    OtherController(140, Level.Error, "Another controller's Gateway leads to a pool"),
    BootstrapCluster(141, Level.Warning, "A bootstrap has a cluster of Pointsman's name"),
    EnvoyTooOld(142, Level.Error, "The proxy's Envoy is older than 1.38"),
    HooksMissing(143, Level.Error, "Envoy Gateway does not call the hooks"),
    ResourcesNotIncluded(144, Level.Error, "Envoy Gateway does not send all resources"),
    KindNotConfigured(145, Level.Error, "Envoy Gateway's configuration does not name a kind"),
    SmallMessages(146, Level.Warning, "Envoy Gateway refuses large answers of the hooks"),
    HooksFailOpen(147, Level.Warning, "Envoy Gateway publishes routes without the hooks"),
    SecretsIncluded(148, Level.Info, "Envoy Gateway sends private keys to the hooks"),
    CrdMissing(149, Level.Error, "A kind's CustomResourceDefinition is missing"),
    VersionNotServed(150, Level.Error, "An API version is not served"),
    FieldNotInCrd(151, Level.Warning, "A field is newer than the CustomResourceDefinition"),
    GatewayRights(152, Level.Error, "Envoy Gateway may not read a kind"),
    EnvoyGatewayOlder(153, Level.Info, "Envoy Gateway is older than 1.9.2"),
    EmptySubset(154, Level.Error, "No pod has the labels of a subset"),
    ScaledToZero(155, Level.Warning, "The pods of a pool are scaled to zero"),
    NotInSchema(156, Level.Error, "The API server refuses an object"),
    ModelNotServed(157, Level.Warning, "The pods of a pool serve a model by another name"),
    PatternOfFiles(158, Level.Warning, "A regular expression looks like a pattern of files"),
    ZeroLimit(159, Level.Error, "A circuit breaker lets no request pass"),
    ClassPolicyIgnored(160, Level.Error, "A policy on a GatewayClass has no effect"),
    MergedGatewayPolicy(161, Level.Error, "A policy on a merged Gateway has no effect");

    private final String code;
    private final Level level;
    private final String title;

    Reason(int number, Level level, String title) {
      this.code = "PM%04d".formatted(number);
      this.level = level;
      this.title = title;
    }

    /** The code: {@code PM} and four digits. */
    public String code() {
      return code;
    }

    /** The weight. */
    public Level level() {
      return level;
    }

    /** The mistake as a sentence without its end. */
    public String title() {
      return title;
    }

    /** Whether the server reports it; the others need objects that the server does not read. */
    public boolean isOfServer() {
      return code.compareTo("PM0100") < 0;
    }
  }

  /** The limit for a message with users' strings, in characters; longer than any message without them. */
  private static final int MAX_CHARACTERS = 1_000;

  private static final Comparator<Diagnostic> ORDER = Comparator.comparing(
          (Diagnostic diagnostic) -> diagnostic.about().toString())
      .thenComparing(Diagnostic::field)
      .thenComparing(Diagnostic::reason)
      .thenComparing(Diagnostic::message);

  /** Escapes control characters in users' strings, which could forge log lines, and truncates them. */
  public Diagnostic {
    field = legible(field);
    message = legible(message);
  }

  private static String legible(String text) {
    return UserStrings.legible(text, MAX_CHARACTERS);
  }

  @Override
  public int compareTo(Diagnostic other) {
    return ORDER.compare(this, other);
  }

  /** The object and the field as text, without control characters. */
  public String subject() {
    return legible(about.toString()) + (field.isEmpty() ? "" : " " + field);
  }

  /** The diagnostic as one line of text. */
  @Override
  public String toString() {
    return subject() + ": " + message + " (" + reason.code() + " " + reason + ")";
  }
}
