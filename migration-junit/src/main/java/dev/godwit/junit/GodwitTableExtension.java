package dev.godwit.junit;

import java.lang.reflect.AnnotatedElement;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Makes the tables that {@link GodwitTable} asks for. */
final class GodwitTableExtension implements ParameterResolver {
  private static final Namespace OURS = Namespace.create(GodwitTableExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType().equals(TestTable.class);
  }

  @Override
  public TestTable resolveParameter(ParameterContext parameter, ExtensionContext test) {
    var asked =
        parameter
            .findAnnotation(GodwitTable.class)
            .or(() -> around(test))
            .orElseThrow(
                () ->
                    new ParameterResolutionException(
                        "No @GodwitTable says which table the parameter "
                            + parameter.getParameter().getName()
                            + " is; put one on it, on the test or on its class"));
    var store = test.getStore(OURS);
    var database = store.getOrComputeIfAbsent(Database.class, key -> open(), Database.class);
    // A method that runs before the test gets the same one.
    return store.getOrComputeIfAbsent(
        asked.name(),
        key -> TestTable.filled(database, asked, test.getRequiredTestClass()),
        TestTable.class);
  }

  private static Optional<GodwitTable> around(ExtensionContext test) {
    return Stream.concat(
            test.getTestMethod().stream().map(AnnotatedElement.class::cast), classes(test))
        .flatMap(element -> AnnotationSupport.findAnnotation(element, GodwitTable.class).stream())
        .findFirst();
  }

  /** The test's class, then those around it. */
  private static Stream<AnnotatedElement> classes(ExtensionContext test) {
    return Stream.<Class<?>>iterate(
            test.getRequiredTestClass(), type -> type != null, Class::getEnclosingClass)
        .map(AnnotatedElement.class::cast);
  }

  private static Database open() {
    try {
      return Database.open();
    } catch (NoClassDefFoundError e) {
      throw new ParameterResolutionException(
          "DynamoDB Local is not on the class path; with godwit.jar it is fetched once: see what it"
              + " said about that",
          e);
    }
  }
}
