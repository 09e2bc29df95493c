package dev.pointsman.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.kube.Manifest;
import dev.pointsman.kube.files.ManifestFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code pointsman analyze --kubernetes} with few rights: an object that could not be read causes no finding. */
class PartlyReadClusterTest {
  private static final Set<String> WITHOUT_NAMESPACE =
      Set.of("GatewayClass", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition");

  /** Objects of a cluster, each case with a mistake or with none. */
  static Stream<Path> clusters() {
    return Stream.of("analyze", "analyze-correct", "demo", "kubernetes/high-availability")
        .flatMap(PartlyReadClusterTest::parts);
  }

  private static Stream<Path> parts(String folder) {
    try (Stream<Path> parts = Files.list(Path.of("testdata").resolve(folder))) {
      return parts.sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Manifest> read(Path path) throws IOException {
    return ManifestFiles.read(List.of(path), InputStream.nullInputStream()).manifests();
  }

  private static String kind(Manifest manifest) {
    String group = manifest.object().group();
    return manifest.object().kind() + (group.isEmpty() ? "" : "." + group);
  }

  private static Set<String> findings(
      List<Manifest> objects,
      Predicate<Manifest> readable,
      Set<String> namespaces,
      Set<String> hidden) {
    Set<String> unread = new TreeSet<>(hidden);
    if (objects.stream().noneMatch(one -> kind(one).equals(GatewayApi.CRD))) {
      unread.add(GatewayApi.CRD); // a cluster has them
    }
    Known known = new Known(true, namespaces, unread);
    return Analyzer.analyze(objects.stream().filter(readable).toList(), known, new TreeMap<>())
        .stream()
        .map(one -> one.reason() + " " + one.diagnostic().subject())
        // A pool of another group than the reference's is one that does not exist, too.
        .map(one -> one.replaceAll("^OtherPoolGroup (.*)[.]group$", "BackendNotFound $1.name"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @MethodSource("clusters")
  void aKindThatMayNotBeListedAddsNoFinding(Path cluster) throws IOException {
    List<Manifest> objects = read(cluster);
    Set<String> all = findings(objects, _ -> true, Set.of(), Set.of());
    List<String> kinds =
        objects.stream().map(PartlyReadClusterTest::kind).distinct().toList();
    for (String one : kinds) {
      for (String other : kinds) {
        Set<String> unread = new TreeSet<>(List.of(one, other));
        assertThat(findings(objects, object -> !unread.contains(kind(object)), Set.of(), unread))
            .as("without " + unread)
            .isSubsetOf(all);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("clusters")
  void namespacesThatAreNotReadAddNoFinding(Path cluster) throws IOException {
    List<Manifest> objects = read(cluster);
    Set<String> all = findings(objects, _ -> true, Set.of(), Set.of());
    Set<String> namespaces = objects.stream()
        .map(object -> object.object().namespace())
        .collect(Collectors.toCollection(TreeSet::new));
    for (String namespace : namespaces) {
      Predicate<Manifest> readable =
          object -> WITHOUT_NAMESPACE.contains(object.object().kind())
              || object.object().namespace().equals(namespace);
      assertThat(findings(objects, readable, Set.of(namespace), Set.of()))
          .as("only namespace " + namespace)
          .isSubsetOf(all);
    }
  }
}
