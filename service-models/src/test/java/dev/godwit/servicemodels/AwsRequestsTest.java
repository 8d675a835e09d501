package dev.godwit.servicemodels;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsRequestsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EXECUTION = "arn:aws:states:eu-west-1:123456789012:execution:G:r";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "aws-sdk:dynamodb:getItem | {'TableName': 'T', 'Key': {'pk': {'S': 'x'}}, 'ConsistentRead': true}",
        "aws-sdk:dynamodb:updateTable | {'TableName': 'Cities', 'WarmThroughput': {'ReadUnitsPerSecond': 13000}}",
        "aws-sdk:sfn:describeExecution | {'ExecutionArn': 'arn:aws:states:eu-west-1:123456789012:execution:G:r'}",
        "aws-sdk:lambda:createAlias | {'FunctionName': 'f', 'Name': 'run-1', 'FunctionVersion': '7'}",
        "lambda:invoke | {'FunctionName': 'f:live', 'Payload': {'any': ['thing']}}",
        "aws-sdk:applicationautoscaling:registerScalableTarget | {'ServiceNamespace': 'dynamodb', 'ResourceId': 'table/T', 'ScalableDimension': 'dynamodb:table:ReadCapacityUnits'}",
        "aws-sdk:sns:publish | {'TopicArn': 't', 'Subject': 's', 'Message': 'm'}",
        "aws-sdk:s3:listObjectsV2 | {'Whatever': 1}"
      })
  void checkTask_whatTheServiceTakes_isAllRight(String resource, String arguments) {
    assertThatCode(() -> task(resource, arguments)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "aws-sdk:dynamodb:getItems | {} | there is no operation GetItems",
        "aws-sdk:dynamodb:getItem | {'TableName': 'Cities'} | it has no Key",
        "aws-sdk:dynamodb:getItem | {'TableName': 'Cities', 'Key': {'pk': {'S': 1}}} | Key.pk.S is no string",
        "aws-sdk:dynamodb:getItem | {'TableName': 'Cities', 'Key': {}, 'Consistent': true} | Consistent is unknown; there are [AttributesToGet, ConsistentRead,",
        "aws-sdk:dynamodb:transactWriteItems | {'TransactItems': []} | TransactItems has 0 entries, from 1 to 100",
        "aws-sdk:dynamodb:transactWriteItems | {'TransactItems': [{'Delete': {'TableName': 'Cities'}}]} | TransactItems[0].Delete has no Key",
        "aws-sdk:dynamodb:updateTable | {'TableName': 'Cities', 'WarmThroughput': {'ReadUnitsPerSecond': 0}} | WarmThroughput.ReadUnitsPerSecond is 0, from 1",
        "aws-sdk:dynamodb:updateTable | {'TableName': 'Cities', 'BillingMode': 'FREE'} | BillingMode is none of [PROVISIONED, PAY_PER_REQUEST]: FREE",
        "aws-sdk:sfn:describeExecution | {'executionArn': 'a'} | executionArn is unknown",
        "aws-sdk:lambda:createAlias | {'FunctionName': 'f', 'Name': '17', 'FunctionVersion': '7'} | Name does not match",
        "aws-sdk:lambda:createAlias | {'FunctionName': 'f', 'Name': 'n', 'FunctionVersion': 7} | FunctionVersion is no string",
        "aws-sdk:scheduler:createSchedule | {} | No model is known for the service scheduler"
      })
  void checkTask_whatTheServiceRefuses_isToldByItsPlace(
      String resource, String arguments, String message) {
    assertThatThrownBy(() -> task(resource, arguments))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(message);
  }

  @Test
  void checkCall_aTokenOf65Characters_isRefused() {
    assertThatCode(() -> redrive("t".repeat(64))).doesNotThrowAnyException();
    assertThatThrownBy(() -> redrive("t".repeat(65)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(
            "AWS would refuse AWSStepFunctions.RedriveExecution: clientToken has 65")
        .hasMessageContaining("from 1 to 64 are allowed");
  }

  private static void redrive(String token) throws JsonProcessingException {
    AwsRequests.checkCall(
        "AWSStepFunctions.RedriveExecution",
        json("{'executionArn': '" + EXECUTION + "', 'clientToken': '" + token + "'}"));
  }

  private static void task(String resource, String arguments) throws JsonProcessingException {
    AwsRequests.checkTask("arn:aws:states:::" + resource, json(arguments));
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return JSON.readTree(text.replace('\'', '"'));
  }
}
