package dev.pointsman;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The arrows between packages, and what may not be in them. A new arrow is a decision: write it here. */
@AnalyzeClasses(packages = "dev.pointsman", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "dev.pointsman.";

  /** The packages of generated messages. */
  private static final DescribedPredicate<JavaClass> GENERATED =
      resideInAnyPackage(packages("extension", "envoy", "shallow"));

  private static final String[] PURE = packages(
      "model",
      "plan",
      "wire",
      "xds",
      "incremental",
      "translate",
      "hook",
      "status",
      "explain",
      "analyze",
      "diff",
      "page");

  @ArchTest
  static final ArchRule modelImportsNothingOfOurs = mayUse("model");

  @ArchTest
  static final ArchRule planImportsModel = mayUse("plan", "model");

  @ArchTest
  static final ArchRule xdsImportsModelAndPlan =
      mayUse("xds", "model", "plan", "wire", "shallow", "envoy");

  @ArchTest
  static final ArchRule wireImportsNothingOfOurs = mayUse("wire");

  /** It knows bytes and records, and nothing of pools. */
  @ArchTest
  static final ArchRule incrementalKnowsBytesAlone = mayUse("incremental", "wire");

  /** Of what may be reused it sees the interfaces. */
  @ArchTest
  static final ArchRule translateImportsThePureOnes =
      mayUse("translate", "model", "plan", "xds", "incremental", "wire", "shallow");

  @ArchTest
  static final ArchRule translateHasNoCacheAndNoFuture = noClasses()
      .that()
      .resideInAPackage(ROOT + "translate..")
      .should()
      .dependOnClassesThat(
          resideInAnyPackage("java.util.concurrent..", "com.google.common.cache.."))
      .orShould()
      .dependOnClassesThat(
          describe("the cache", type -> type.getName().endsWith(".TranslationCache")));

  @ArchTest
  static final ArchRule hookImportsThePureOnes = mayUse(
      "hook", "model", "plan", "translate", "incremental", "wire", "xds", "extension", "shallow");

  /** It follows Envoy's messages, and knows neither plans nor HTTPRoutes. */
  @ArchTest
  static final ArchRule explainImportsModelAndXds = mayUse("explain", "model", "xds", "envoy");

  /** It checks manifests with the server's own parsers and planner. */
  @ArchTest
  static final ArchRule analyzeImportsModelPlanAndParsers =
      mayUse("analyze", "model", "plan", "kube");

  @ArchTest
  static final ArchRule pageImportsModelExplainAndXds = mayUse("page", "model", "explain", "xds");

  /** It compares translations by their explanations, and manifests by their fields. */
  @ArchTest
  static final ArchRule diffImportsExplainAndManifests =
      mayUse("diff", "model", "explain", "xds", "extension", "kube");

  @ArchTest
  static final ArchRule statusImportsModelAndPlan = mayUse("status", "model", "plan");

  /** It writes what {@code status} has to say; addresses are spelled in objects as in options. */
  @ArchTest
  static final ArchRule kubeImportsModelStatusAndCounts =
      mayUse("kube", "config", "model", "status", "observe");

  /** Parsers, and the uses of manifests, are for both sources ... */
  @ArchTest
  static final ArchRule parsersKnowNoSource = noClasses()
      .that()
      .resideInAnyPackage(ROOT + "kube", ROOT + "analyze", ROOT + "diff")
      .should()
      .dependOnClassesThat(resideInAnyPackage(packages("kube.api", "kube.files", "kube.status")));

  /** ... which do not know each other. */
  @ArchTest
  static final ArchRule filesAndApiServerAreApart = slices()
      .matching("dev.pointsman.kube.(*)..")
      .should()
      .notDependOnEachOther()
      .ignoreDependency(
          resideInAPackage(ROOT + "kube.status.."), resideInAPackage(ROOT + "kube.api.."));

  @ArchTest
  static final ArchRule edsImportsModelAndXds = mayUse("eds", "model", "xds");

  /** Settings name the transport that the xDS is made for. */
  @ArchTest
  static final ArchRule configImportsModelAndXds = mayUse("config", "model", "xds");

  @ArchTest
  static final ArchRule observeSpeaksOfHooks =
      mayUse("observe", "config", "model", "hook", "incremental", "extension");

  @ArchTest
  static final ArchRule serverImportsNoSourceOfObjects = mayUse(
      "server",
      "config",
      "diff",
      "eds",
      "explain",
      "hook",
      "model",
      "observe",
      "page",
      "plan",
      "xds",
      "extension",
      "shallow");

  @ArchTest
  static final ArchRule mainOnlyStartsTheCommandLine =
      classes().that().resideInAPackage("dev.pointsman").should(onlyUse("", "cli"));

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("dev.pointsman.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule pureCodeTalksToNobody = noClasses()
      .that()
      .resideInAnyPackage(PURE)
      .should()
      .dependOnClassesThat(resideInAnyPackage(
              "io.fabric8..",
              "io.grpc..",
              "java.nio.file..",
              "java.nio.channels..",
              "java.net..",
              "org.slf4j..")
          .or(describe(
              "files", type -> type.getName().matches("java\\.io\\.(File|RandomAccess).*"))));

  @ArchTest
  static final ArchRule pureCodeDoesNotAskTheTimeNorRollDice = noClasses()
      .that()
      .resideInAnyPackage(PURE)
      .should()
      .accessTargetWhere(describe("the clock or chance", ArchitectureTest::isClockOrChance));

  @ArchTest
  static final ArchRule namesSayWhatThingsAre = noClasses()
      .should()
      .haveSimpleNameEndingWith("Util")
      .orShould()
      .haveSimpleNameEndingWith("Utils")
      .orShould()
      .haveSimpleNameEndingWith("Helper")
      .orShould()
      .haveSimpleNameEndingWith("Manager")
      .orShould()
      .resideInAnyPackage("..util..", "..utils..", "..helper..", "..manager..", "..common..");

  /** A reader who meets a name knows the type without its imports; nested types count too. */
  @ArchTest
  static void oneNameForOneType(JavaClasses classes) {
    Map<String, List<String>> types = classes.stream()
        .filter(type -> !type.isAnonymousClass() && !GENERATED.test(type))
        .collect(Collectors.groupingBy(
            JavaClass::getSimpleName,
            TreeMap::new,
            Collectors.mapping(JavaClass::getName, Collectors.toList())));
    assertThat(types).as("simple names").hasSizeGreaterThan(400);
    types.keySet().removeAll(Set.of("Builder", "package-info"));
    types.values().removeIf(names -> names.size() == 1);
    assertThat(types).as("simple names that stand for several types").isEmpty();
  }

  private static ArchRule mayUse(String name, String... others) {
    return classes()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should(onlyUse(name, others))
        .as(name + " uses " + (others.length == 0 ? "no other package" : List.of(others))
            + " of ours");
  }

  private static ArchCondition<JavaClass> onlyUse(String name, String... others) {
    String[] allowed = Stream.concat(Stream.of(name), Stream.of(others))
        .map(one -> one.isEmpty() ? "dev.pointsman" : ROOT + one + "..")
        .toArray(String[]::new);
    DescribedPredicate<JavaClass> ours = resideInAPackage("dev.pointsman..");
    return onlyDependOnClassesThat(not(ours).or(resideInAnyPackage(allowed)));
  }

  private static String[] packages(String... names) {
    return Stream.of(names).map(name -> ROOT + name + "..").toArray(String[]::new);
  }

  private static boolean isClockOrChance(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String method = access.getName();
    return owner.startsWith("java.time.") && method.equals("now")
        || owner.equals("java.time.Clock")
        || owner.equals("java.lang.System")
            && Set.of("currentTimeMillis", "nanoTime").contains(method)
        || owner.matches("java\\.util\\.(Random|concurrent\\.ThreadLocalRandom)")
        || owner.equals("java.util.UUID") && method.equals("randomUUID")
        || owner.equals("java.lang.Math") && method.equals("random");
  }
}
