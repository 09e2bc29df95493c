package dev.pointsman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Objects of the chart in namespaces that are not the release's. */
class SharedNamespacesIT {
  private static Rendered render(String namespace, String... values) {
    return new Rendered(Helm.template(
            "pointsman", namespace, List.of("--set", String.join(",", values)))
        .ok());
  }

  /** Kind, namespace and name of each object. */
  private static List<String> keys(Rendered rendered) {
    return rendered.objects().stream()
        .map(object -> object.path("kind").asString() + " "
            + object.at("/metadata/namespace").asString("") + "/"
            + object.at("/metadata/name").asString())
        .toList();
  }

  /** Two Envoy Gateways, each with a Pointsman of the usual name beside it, and routes in one namespace. */
  @Test
  void releasesOfOneNameWatchOneNamespace() {
    String[] watching = {
      "namespaces={models}",
      "rbac.secrets[0].namespace=models,rbac.secrets[0].names={picker-ca}",
      "envoyGateway.namespaces={models}"
    };
    List<String> first =
        keys(render("blue", String.join(",", watching) + ",envoyGateway.namespace=blue"));
    List<String> second =
        keys(render("green", String.join(",", watching) + ",envoyGateway.namespace=green"));
    assertThat(first)
        .anyMatch(key -> key.startsWith("Role models/"))
        .doesNotContainAnyElementsOf(second);
  }

  @Test
  void secretsOfOneNamespaceAreOneRole() {
    Rendered rendered = render(
        "system",
        "rbac.secrets[0].namespace=models,rbac.secrets[0].names={b,a}",
        "rbac.secrets[1].namespace=others,rbac.secrets[1].names={c}",
        "rbac.secrets[2].namespace=models,rbac.secrets[2].names={b,d}");
    assertThat(keys(rendered)).doesNotHaveDuplicates();
    assertThat(rendered
            .of("Role")
            .filter(role -> role.toString().contains("\"secrets\""))
            .map(role -> role.at("/metadata/namespace").asString() + " "
                + role.at("/rules/0/resourceNames").valueStream()
                    .map(JsonNode::asString)
                    .toList()))
        .containsExactlyInAnyOrder("models [a, b, d]", "others [c]");
    assertThat(rendered
            .of("RoleBinding")
            .map(binding -> binding.at("/roleRef/name").asString())
            .filter(role -> role.endsWith(":secrets")))
        .hasSize(2);
  }
}
